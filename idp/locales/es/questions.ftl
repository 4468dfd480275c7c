## The frame around the questions.

questions-title = { $audience ->
    [staff] Conteste sus preguntas
   *[other] Contesta tus preguntas
  }
questions-rule-exactly = { $audience ->
    [staff] Conteste { $count ->
        [one] 1 pregunta
       *[other] { $count } preguntas
      }, ni más ni menos.
   *[other] Contesta { $count ->
        [one] 1 pregunta
       *[other] { $count } preguntas
      }, ni más ni menos.
  }
questions-rule-at-least = { $audience ->
    [staff] Conteste { $count ->
        [one] 1 pregunta
       *[other] { $count } preguntas
      } o más.
   *[other] Contesta { $count ->
        [one] 1 pregunta
       *[other] { $count } preguntas
      } o más.
  }
questions-why = { $audience ->
    [staff] Si olvida su contraseña, las respuestas le ayudan a entrar de nuevo. No las comparta.
   *[other] Si olvidas tu contraseña, las respuestas te ayudan a entrar de nuevo. No se las digas a nadie.
  }
questions-pending-why = { $audience ->
    [staff] Esto quedó pendiente cuando activó su cuenta. Si olvida su contraseña, las respuestas le ayudan a entrar de nuevo.
   *[other] Esto quedó pendiente cuando activaste tu cuenta. Si olvidas tu contraseña, las respuestas te ayudan a entrar de nuevo.
  }
questions-choose = { $audience ->
    [staff] Elija una opción
   *[other] Elige una opción
  }
questions-answered = { $count } de { $need } contestadas
questions-too-many = { $audience ->
    [staff] Son más de { $need }. Borre una respuesta.
   *[other] Son más de { $need }. Borra una respuesta.
  }
questions-hint-text = { $count ->
    [one] 1 letra o más
   *[other] { $count } letras o más
  }
questions-hint-year = Cuatro cifras, como 2012
questions-skip-button = Ahora no

## What is wrong with an answer.

questions-too-few = { $audience ->
    [staff] Conteste { $count ->
        [one] 1 pregunta
       *[other] { $count } preguntas
      } para seguir.
   *[other] Contesta { $count ->
        [one] 1 pregunta
       *[other] { $count } preguntas
      } para seguir.
  }
questions-too-many-answers = { $audience ->
    [staff] Conteste solo { $count ->
        [one] 1 pregunta
       *[other] { $count } preguntas
      }. Borre las demás.
   *[other] Contesta solo { $count ->
        [one] 1 pregunta
       *[other] { $count } preguntas
      }. Borra las demás.
  }
questions-not-listed = Esa pregunta no está en la lista. Vuelve a cargar la página.
questions-too-many-choices = { $audience ->
    [staff] Elija como máximo una pregunta con opciones o con un año. Conteste otra en su lugar.
   *[other] Elige como máximo una pregunta con opciones o con un año. Contesta otra en su lugar.
  }
questions-too-short = { $audience ->
    [staff] Use al menos { $count ->
        [one] 1 letra
       *[other] { $count } letras
      }.
   *[other] Usa al menos { $count ->
        [one] 1 letra
       *[other] { $count } letras
      }.
  }
questions-too-long = { $audience ->
    [staff] Use { $count } letras como máximo.
   *[other] Usa { $count } letras como máximo.
  }
questions-not-a-choice = { $audience ->
    [staff] Elija una opción de la lista.
   *[other] Elige una opción de la lista.
  }
questions-not-a-year = { $audience ->
    [staff] Escriba un año con cuatro cifras, como 1985.
   *[other] Escribe un año con cuatro cifras, como 2012.
  }
questions-equal = { $audience ->
    [staff] Dio esta respuesta dos veces. Dé otra.
   *[other] Diste esta respuesta dos veces. Da otra.
  }
questions-echo = { $audience ->
    [staff] La respuesta está en la pregunta. Dé otra.
   *[other] La respuesta está en la pregunta. Da otra.
  }
questions-own-number = { $audience ->
    [staff] Su nombre de usuario y su número no son secretos. Dé otra respuesta.
   *[other] Tu nombre de usuario y tu número no son secretos. Da otra respuesta.
  }
questions-common = { $audience ->
    [staff] Mucha gente contesta eso. Dé otra respuesta.
   *[other] Mucha gente contesta eso. Da otra respuesta.
  }

## The questions.

question-birth-month = { $audience ->
    [staff] ¿En qué mes nació?
   *[other] ¿En qué mes naciste?
  }
question-birth-month-january = Enero
question-birth-month-february = Febrero
question-birth-month-march = Marzo
question-birth-month-april = Abril
question-birth-month-may = Mayo
question-birth-month-june = Junio
question-birth-month-july = Julio
question-birth-month-august = Agosto
question-birth-month-september = Septiembre
question-birth-month-october = Octubre
question-birth-month-november = Noviembre
question-birth-month-december = Diciembre
question-middle-name = { $audience ->
    [staff] ¿Cuál es su segundo nombre?
   *[other] ¿Cuál es tu segundo nombre?
  }
question-birth-year = { $audience ->
    [staff] ¿En qué año nació?
   *[other] ¿En qué año naciste?
  }
question-mascot = { $audience ->
    [staff] ¿Cuál es la mascota de su escuela?
   *[other] ¿Cuál es la mascota de tu escuela?
  }
question-homeroom = { $audience ->
    [staff] ¿Quién es el maestro de su salón este año?
   *[other] ¿Quién es el maestro de tu salón este año?
  }
question-school-password = ¿Cuál es la contraseña secreta de la escuela?
question-fruit = { $audience ->
    [staff] ¿Cuál le gusta más: manzana, plátano, naranja o durazno?
   *[other] ¿Cuál te gusta más: manzana, plátano, naranja o durazno?
  }
question-fruit-apple = Manzana
question-fruit-banana = Plátano
question-fruit-orange = Naranja
question-fruit-peach = Durazno
question-season = { $audience ->
    [staff] ¿Cuál le gusta más: verano, invierno, otoño o primavera?
   *[other] ¿Cuál te gusta más: verano, invierno, otoño o primavera?
  }
question-season-summer = Verano
question-season-winter = Invierno
question-season-fall = Otoño
question-season-spring = Primavera
question-maiden-name = { $audience ->
    [staff] ¿Cuál es el apellido de soltera de su madre?
   *[other] ¿Cuál es el apellido de soltera de tu mamá?
  }
question-first-pet = { $audience ->
    [staff] ¿Cómo se llamaba su primera mascota?
   *[other] ¿Cómo se llamaba tu primera mascota?
  }
question-made-up-word = { $audience ->
    [staff] ¿Qué palabra inventó de niño?
   *[other] ¿Qué palabra inventaste de chiquito?
  }
question-first-toy = { $audience ->
    [staff] ¿Cómo llamaba a su primer juguete favorito?
   *[other] ¿Cómo llamabas a tu primer juguete favorito?
  }
question-hero = { $audience ->
    [staff] ¿A qué héroe de un libro o película le gustaría conocer?
   *[other] ¿A qué héroe de un libro o película te gustaría conocer?
  }
question-hiding-place = { $audience ->
    [staff] ¿Cuál era su mejor escondite?
   *[other] ¿Cuál era tu mejor escondite?
  }
question-lullaby = { $audience ->
    [staff] ¿Qué canción le cantaban para dormir?
   *[other] ¿Qué canción te cantaban para dormir?
  }
question-robot = { $audience ->
    [staff] ¿Qué nombre le pondría a su propio robot?
   *[other] ¿Qué nombre le pondrías a tu propio robot?
  }
question-dream-place = { $audience ->
    [staff] ¿Qué lugar del mundo le gustaría ver más que ninguno?
   *[other] ¿Qué lugar del mundo te gustaría ver más que ninguno?
  }
question-feared = { $audience ->
    [staff] ¿A qué le tenía miedo de niño?
   *[other] ¿A qué le tenías miedo de chiquito?
  }
question-funny-word = { $audience ->
    [staff] ¿Qué palabra le suena más chistosa?
   *[other] ¿Qué palabra te suena más chistosa?
  }
question-first-story = { $audience ->
    [staff] ¿Cuál es el primer cuento que recuerda?
   *[other] ¿Cuál es el primer cuento que recuerdas?
  }
question-smell = { $audience ->
    [staff] ¿Qué olor le gusta más?
   *[other] ¿Qué olor te gusta más?
  }
