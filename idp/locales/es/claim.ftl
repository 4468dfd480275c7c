## The three steps.

claim-steps-label = Pasos
claim-steps-name = Quién eres
claim-steps-password = Tu contraseña
claim-steps-questions = Tus preguntas
claim-step = Paso { $step }

## Step 1.

claim-name-title = Activar mi cuenta
claim-name-lead = Contesta esto para activar tu cuenta.
claim-last-name-label = Apellido
claim-first-name-label = Nombre
claim-number-label = Número de empleado o de estudiante
claim-name-hint = Escríbelo como está en { $roster }.
claim-number-hint = Solo números. El de estudiante tiene { $digits } cifras y no lleva S. Deja los ceros del principio.
claim-code-label = Código para activar
claim-code-hint = Está en la tarjeta o carta de tu escuela.
claim-population-label = ¿Quién eres?
claim-population-student = Soy estudiante
claim-population-staff = Trabajo en el distrito
claim-card-alt = Una tarjeta escolar. Apellido: Rivera. Nombre: Ana. El número, { $number }, está marcado con un círculo.
claim-card-title = Tarjeta escolar
claim-card-number = Número de estudiante
claim-card-caption = En tu tarjeta escolar están tu nombre y tu número.
claim-tip-name = Tu nombre se escribe como está en { $roster }.
claim-tip-number = Tu número no lleva S al principio.
claim-tip-staff = Personal: use su número de empleado.
claim-last-name-empty = Escribe tu apellido.
claim-first-name-empty = Escribe tu nombre.
claim-number-empty = Escribe tu número. Está en tu tarjeta escolar.
claim-code-empty = Escribe el código de tu tarjeta o carta.
claim-population-empty = Elige una opción.
claim-failed-title = No se pudo activar la cuenta
claim-failed-match = Lo que escribiste no coincide con { $roster }. Revisa esto:
claim-failed-spelling = ¿Está tu nombre escrito como en tu tarjeta escolar?
claim-failed-number = ¿Está bien el número, con los ceros del principio?
claim-failed-claimed = Quizás tu cuenta ya está activada. Entonces usa
claim-failed-new = ¿Acabas de llegar a la escuela? Puede pasar un día hasta que estés en la lista.
claim-failed-stuck = ¿Sigue sin funcionar? Muestra este código a tu maestro:

## Step 2.

claim-password-title = { $audience ->
    [staff] Su nueva contraseña
   *[other] Tu nueva contraseña
  }
claim-password-lead = { $audience ->
    [staff] Escriba una contraseña que solo usted conozca.
   *[other] Inventa una contraseña que solo tú sepas.
  }
claim-letter-dropped = { $audience ->
    [staff] Quitamos la letra que iba delante de su número.
   *[other] Quitamos la letra que iba delante de tu número.
  }
claim-password-label = Nueva contraseña
claim-password-hint = { $audience ->
    [staff] Tres o cuatro palabras que recuerde forman una buena contraseña.
   *[other] Tres o cuatro palabras que recuerdes forman una buena contraseña.
  }
claim-verify-label = { $audience ->
    [staff] Escríbala otra vez
   *[other] Escríbela otra vez
  }
password-rules-title = Requisitos de la contraseña
password-rule-length = Al menos { $count } caracteres
password-rule-same = Igual en los dos cuadros
password-rule-own = { $audience ->
    [staff] Ni su nombre, ni su número, ni su escuela
   *[other] Ni tu nombre, ni tu número, ni tu escuela
  }
password-rule-free = { $audience ->
    [staff] Las mayúsculas, cifras y signos son opcionales. Puede usar espacios.
   *[other] Las mayúsculas, cifras y signos son opcionales. Puedes usar espacios.
  }
password-rule-met = listo
password-rule-open = todavía no
password-refused-short = { $audience ->
    [staff] Es muy corta. Use al menos { $count } caracteres.
   *[other] Es muy corta. Usa al menos { $count } caracteres.
  }
password-refused-long = { $audience ->
    [staff] Es muy larga. Use 128 caracteres como máximo.
   *[other] Es muy larga. Usa 128 caracteres como máximo.
  }
password-refused-common = { $audience ->
    [staff] Mucha gente usa esta. Piense en otra.
   *[other] Mucha gente usa esta. Piensa en otra.
  }
password-refused-pattern = { $audience ->
    [staff] Es muy fácil de adivinar, como una fila de teclas. Piense en otra.
   *[other] Es muy fácil de adivinar, como una fila de teclas. Piensa en otra.
  }
password-refused-name = { $audience ->
    [staff] Su nombre es muy fácil de adivinar. Piense en otra.
   *[other] Tu nombre es muy fácil de adivinar. Piensa en otra.
  }
password-refused-number = { $audience ->
    [staff] Su número es muy fácil de adivinar. Piense en otra.
   *[other] Tu número es muy fácil de adivinar. Piensa en otra.
  }
password-refused-school = { $audience ->
    [staff] El nombre de su escuela es muy fácil de adivinar. Piense en otra.
   *[other] El nombre de tu escuela es muy fácil de adivinar. Piensa en otra.
  }
password-refused-mismatch = { $audience ->
    [staff] Las dos contraseñas son distintas. Escriba las dos otra vez.
   *[other] Las dos contraseñas son distintas. Escribe las dos otra vez.
  }

## Step 3 and the end.

claim-password-saved = { $audience ->
    [staff] Listo. Su contraseña se cambió bien.
   *[other] Listo. Tu contraseña se cambió bien.
  }
claim-questions-title = { $audience ->
    [staff] Sus preguntas
   *[other] Tus preguntas
  }
claim-username-title = { $audience ->
    [staff] Su nombre de usuario
   *[other] Tu nombre de usuario
  }
claim-username-keep = { $audience ->
    [staff] Guárdelo bien. Lo necesita cada vez que entra.
   *[other] Guárdalo bien. Lo necesitas cada vez que entras.
  }
claim-username-where = { $audience ->
    [staff] Entre en { $address }
   *[other] Entra en { $address }
  }
claim-done-title = Cuenta activada
claim-done-lead = Tu cuenta ya es tuya. Puedes cerrar esta pestaña.
claim-done-then = O entra ahora con tu nombre de usuario y tu contraseña.
claim-done-then-app = O sigue ahora: entra con tu nombre de usuario y tu contraseña.
claim-done-app-link = Entrar y abrir { $app }
