## The guide: for reading, for showing to a class, for printing.

guide-title = Guía
guide-heading = Guía de { $portal }
guide-lead = Cómo activar tu cuenta, entrar y pedir ayuda.
guide-toc-label = En esta página
guide-print-button = Imprimir la guía
guide-need-title = Lo que necesitas
guide-need-name = Tu nombre, como está en { $roster }.
guide-need-number = Estudiantes: tu número de { $digits } cifras. No lleva S. Deja los ceros del principio.
guide-need-staff = Personal: su número de empleado.
guide-claim-title = Activa tu cuenta
guide-claim-1 = Ve a { $address }.
guide-claim-2 = Elige «Activar mi cuenta».
guide-claim-3 = Escribe tu apellido, tu nombre y tu número. Elige «Siguiente».
guide-claim-4 = Inventa una contraseña de al menos { $count } caracteres y escríbela dos veces. Sirve cualquier carácter. Elige «Siguiente».
guide-claim-5 = Ahora ves tu nombre de usuario en letras grandes y verdes, como { $example }. Cópialo o imprime la tarjeta, y guárdalo.
guide-claim-6 = Contesta { $count ->
    [one] 1 pregunta
   *[other] { $count } preguntas
  }. Las respuestas te ayudan si olvidas tu contraseña. Elige «Guardar».
guide-claim-7 = Listo. Cierra la pestaña.
guide-sign-in-title = Entra
guide-sign-in-1 = Ve a { $address }.
guide-sign-in-2 = Escribe tu nombre de usuario, como { $example }. Elige «Siguiente».
guide-sign-in-3 = Escribe tu contraseña. Elige «Entrar».
guide-sign-in-4 = Ves tus aplicaciones. Elige una. No necesitas otra contraseña.
guide-sign-in-5 = Cuando termines, elige «Salir» arriba, sobre todo en una computadora compartida.
guide-tips-title = Cuando algo no funciona
guide-tip-failed-title = Leo «No se pudo activar la cuenta». ¿Y ahora?
guide-tip-failed = Lo que escribiste no coincide con { $roster }. Revisa cómo se escribe tu nombre y cada cifra de tu tarjeta escolar.
guide-tip-failed-exact = También cuentan las mayúsculas, los acentos y los guiones.
guide-tip-failed-normalized = Puedes usar minúsculas y dejar los acentos y los guiones.
guide-tip-again-title = Revisé todo y sigue sin funcionar
guide-tip-again = Muestra el código de la página a tu maestro o al técnico de tu escuela. Con él pueden ver la causa.
guide-tip-claimed-title = Quizás mi cuenta ya está activada
guide-tip-claimed = Elige «Olvidé mi contraseña» y sigue los pasos. Si no la activaste tú, avisa a tu maestro enseguida. Se puede deshacer.
guide-tip-new-title = Acabo de llegar
guide-tip-new = Tu cuenta viene de { $roster }. Cuando tu escuela te inscribe, puede pasar un día hasta que puedas activarla.
guide-tip-history-title = ¿Tengo que borrar el historial del navegador?
guide-tip-history = No. No ayuda, y aquí nunca hace falta.
guide-tip-back-title = Presioné el botón de atrás
guide-tip-back = No pasa nada. Sigue desde la página que ves.
guide-tip-shared-title = Arriba está el nombre de otra persona
guide-tip-shared = Elige «Salir» junto a «¿No eres tú?». Luego entra con tu propio nombre de usuario.
guide-contact-title = Pide ayuda
guide-contact = Pregunta a: { $contact }.
guide-contact-teacher = Los estudiantes nunca tienen que enviar una solicitud. Tu maestro puede pedirle ayuda al técnico por ti.
