## The launchpad.

launchpad-title = { $audience ->
    [staff] Sus aplicaciones
   *[other] Tus aplicaciones
  }
launchpad-morning = Buenos días, { $name }
launchpad-afternoon = Buenas tardes, { $name }
launchpad-evening = Buenas noches, { $name }
launchpad-search-label = Buscar una aplicación
launchpad-search-button = Buscar
launchpad-found = { $count ->
    [0] Ninguna aplicación coincide con «{ $query }».
    [one] 1 aplicación coincide con «{ $query }».
   *[other] { $count } aplicaciones coinciden con «{ $query }».
  }
launchpad-found-one = 1 aplicación encontrada
launchpad-found-many = { $count } aplicaciones encontradas
launchpad-found-none = Ninguna aplicación encontrada
launchpad-show-all = Ver todas
launchpad-empty-title = Todavía no hay aplicaciones
launchpad-empty-advice = { $audience ->
    [staff] Su distrito agrega aplicaciones por escuela y por clase. Aparecerán aquí por sí solas.
   *[other] Tu escuela agrega aplicaciones para tu grado y tus clases. Aparecerán aquí por sí solas.
  }
launchpad-favorites = Favoritas
launchpad-recent = Usadas hace poco
launchpad-results = Resultados
tile-menu-label = Más sobre { $app }
tile-is-favorite = Favorita
tile-star = Agregar a favoritas
tile-unstar = Quitar de favoritas
tile-earlier = Mover hacia adelante
tile-later = Mover hacia atrás
tile-data-link = { $audience ->
    [staff] Lo que esta aplicación ve de usted
   *[other] Lo que esta aplicación ve de ti
  }
tile-starred = { $app } ya es favorita.
tile-unstarred = { $app } ya no es favorita.
tile-moved = { $app } cambió de lugar.
category-classroom = Salón de clases
category-grades = Calificaciones y asistencia
category-reading = Lectura y escritura
category-math = Matemáticas
category-science = Ciencias
category-social-studies = Estudios sociales
category-languages = Idiomas
category-arts = Arte y música
category-computing = Programación y creación
category-library = Biblioteca
category-assessment = Exámenes y práctica
category-career = Universidad y trabajo
category-health = Salud y bienestar
category-tools = Herramientas
category-school-day = El día en la escuela
category-staff = Para el personal

## What an app sees.

app-data-title = { $audience ->
    [staff] Lo que { $app } ve de usted
   *[other] Lo que { $app } ve de ti
  }
app-data-back = { $audience ->
    [staff] Volver a sus aplicaciones
   *[other] Volver a tus aplicaciones
  }
app-data-lead = { $audience ->
    [staff] Cuando abre { $app }, el distrito le dice solo esto.
   *[other] Cuando abres { $app }, el distrito le dice solo esto.
  }
app-data-nothing = { $audience ->
    [staff] { $app } es un enlace. El distrito no le dice nada de usted.
   *[other] { $app } es un enlace. El distrito no le dice nada de ti.
  }
app-data-what = { $audience ->
    [staff] Sobre usted
   *[other] Sobre ti
  }
app-data-sees = ¿Lo ve?
app-data-yes = Sí
app-data-no = No
app-data-purpose = Para qué sirve
app-data-purpose-default = { $audience ->
    [staff] Para aprender y enseñar, como lo aprobó su distrito.
   *[other] Para aprender y enseñar, como lo aprobó tu distrito.
  }
app-data-basis = Base legal
app-data-signed = Acordado el
app-data-expires = Acordado hasta
app-data-opened = { $audience ->
    [staff] La abrió por última vez el
   *[other] La abriste por última vez el
  }
app-data-ask = A quién preguntar
app-data-never = { $audience ->
    [staff] Ninguna aplicación recibe nunca su contraseña ni las respuestas a sus preguntas.
   *[other] Ninguna aplicación recibe nunca tu contraseña ni las respuestas a tus preguntas.
  }
app-data-id = { $audience ->
    [staff] Un código que lo representa
   *[other] Un código que te representa
  }
app-data-id-note = Hecho solo para esta aplicación. Dos aplicaciones no pueden comparar sus códigos.
app-data-first-name = { $audience ->
    [staff] Su nombre
   *[other] Tu nombre
  }
app-data-first-name-note = { $audience ->
    [staff] Para que la aplicación pueda saludarlo.
   *[other] Para que la aplicación pueda saludarte.
  }
app-data-last-name = { $audience ->
    [staff] Su apellido
   *[other] Tu apellido
  }
app-data-last-name-note = { $audience ->
    [staff] Para que los demás sepan quién escribe.
   *[other] Para que tu maestro vea de quién es el trabajo.
  }
app-data-middle-name = { $audience ->
    [staff] Su segundo nombre
   *[other] Tu segundo nombre
  }
app-data-middle-name-note = Para distinguir a las personas que se llaman igual.
app-data-username = { $audience ->
    [staff] Su nombre de usuario
   *[other] Tu nombre de usuario
  }
app-data-username-note = { $audience ->
    [staff] El nombre con el que entra.
   *[other] El nombre con el que entras.
  }
app-data-email = { $audience ->
    [staff] Su correo electrónico
   *[other] Tu correo electrónico
  }
app-data-email-note = { $audience ->
    [staff] Para que la aplicación pueda escribirle.
   *[other] Para que la aplicación pueda escribirte.
  }
app-data-role = { $audience ->
    [staff] Si es estudiante o trabaja aquí
   *[other] Si eres estudiante o trabajas aquí
  }
app-data-role-note = Para que la aplicación muestre las páginas correctas.
app-data-grade = { $audience ->
    [staff] Su grado
   *[other] Tu grado
  }
app-data-grade-note = Para que el trabajo sea de tu grado.
app-data-schools = { $audience ->
    [staff] Su escuela
   *[other] Tu escuela
  }
app-data-schools-note = { $audience ->
    [staff] Para que llegue a la escuela correcta.
   *[other] Para que llegues a la escuela correcta.
  }
app-data-number = { $audience ->
    [staff] Su número de empleado
   *[other] Tu número de estudiante
  }
app-data-number-note = Para que los resultados lleguen a la persona correcta.
app-data-roster-id = { $audience ->
    [staff] El código del distrito para usted
   *[other] El código del distrito para ti
  }
app-data-roster-id-note = { $audience ->
    [staff] Para que la aplicación lo encuentre en las listas que manda el distrito.
   *[other] Para que la aplicación te encuentre en las listas que manda el distrito.
  }
app-data-district = El código del propio distrito
app-data-district-note = { $audience ->
    [staff] Para que la aplicación sepa de qué distrito es usted.
   *[other] Para que la aplicación sepa de qué distrito eres.
  }
app-data-changed = { $audience ->
    [staff] Cuándo cambiaron sus datos por última vez
   *[other] Cuándo cambiaron tus datos por última vez
  }
app-data-changed-note = Para que la aplicación sepa cuándo mirar otra vez.
app-data-language = { $audience ->
    [staff] Su idioma
   *[other] Tu idioma
  }
app-data-language-note = { $audience ->
    [staff] Para que la aplicación hable su idioma.
   *[other] Para que la aplicación hable tu idioma.
  }
app-data-stays = Esta aplicación no lo necesita.

## An app that is not yours.

no-access-title = { $audience ->
    [staff] No es una de sus aplicaciones
   *[other] No es una de tus aplicaciones
  }
no-access-heading = { $audience ->
    [staff] { $app } no es una de sus aplicaciones
   *[other] { $app } no es una de tus aplicaciones
  }
no-access-lead = { $audience ->
    [staff] Ya entró, pero { $app } no está preparada para usted.
   *[other] Ya entraste, pero { $app } no está preparada para ti.
  }
no-access-who = { $audience ->
    [staff] Las aplicaciones se dan por escuela, grado y clase. Para tener esta, pregunte a: { $contact }.
   *[other] Las aplicaciones se dan por escuela, grado y clase. Para tener esta, pregunta a: { $contact }.
  }
no-access-home-link = { $audience ->
    [staff] Ir a sus aplicaciones
   *[other] Ir a tus aplicaciones
  }
no-access-back-link = Volver a { $app }
