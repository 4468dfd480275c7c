## Forgot my password, and a new one.

forgot-title = Olvidé mi contraseña
forgot-lead = { $audience ->
    [staff] Escriba su nombre de usuario. Luego responda las tres preguntas del día en que activó su cuenta.
   *[students] Escribe tu nombre de usuario. Luego responde las tres preguntas del día en que activaste tu cuenta.
  }
forgot-username-label = Nombre de usuario
forgot-username-hint = La letra s y el número de estudiante, como s0123456.
forgot-off = En este distrito ayudan personas con las contraseñas olvidadas. Pregunta a { $contact }.
forgot-back = Volver a entrar
forgot-refused-title = No funcionó
forgot-refused-advice = Las respuestas no coinciden con este nombre de usuario, o hubo demasiados intentos hoy. Revisa el nombre de usuario. Las tres respuestas deben ser como las diste.
forgot-refused-ask = ¿Sigue sin funcionar? Pregunta a { $contact } y muestra este código:
forgot-questions-title = Tus tres preguntas
forgot-questions-for = Nombre de usuario
forgot-questions-lead = Responde las tres como cuando activaste tu cuenta. No importan las mayúsculas.
forgot-password-title = Elige una contraseña nueva
forgot-password-lead = Tus respuestas son correctas. Ahora elige una contraseña nueva. Tienes 10 minutos.
forgot-done-title = Tu contraseña cambió
forgot-done-lead = Se cerraron todas las sesiones de tu cuenta. Entra con tu contraseña nueva.
change-password-title = Cambiar mi contraseña
change-password-lead = { $audience ->
    [staff] Escriba su contraseña actual y luego la nueva dos veces. Se cerrará su sesión en todos los demás lugares.
   *[students] Escribe tu contraseña actual y luego la nueva dos veces. Se cerrará tu sesión en todos los demás lugares.
  }
change-password-forced = { $audience ->
    [staff] Usted entró con un código de ayuda. Ahora elija una contraseña que solo usted conozca.
   *[students] Entraste con un código de ayuda. Ahora elige una contraseña que solo tú conozcas.
  }
change-password-current = Contraseña actual
change-password-wrong = Esa no es la contraseña actual. Inténtalo de nuevo.
