## The first page: the username.

landing-title = Entrar
landing-heading = Entrar
landing-heading-app = Entra para abrir { $app }
landing-doors-label = Otras opciones
landing-claim-link = Activar mi cuenta
landing-forgot-link = Olvidé mi contraseña
crest-alt = Escudo de { $district }
username-label = Nombre de usuario
username-hint = Estudiantes: tu número con una letra delante, como { $example }.
username-empty = Escribe tu nombre de usuario.

## The second page: the password.

password-title = Tu contraseña
password-heading = Tu contraseña
password-signing-in-as = Vas a entrar como
password-use-another = Usar otro nombre
password-label = Contraseña
password-show = Mostrar
password-hide = Ocultar
password-empty = Escribe tu contraseña.
password-mismatch-title = No funcionó
password-mismatch-advice = Ese nombre de usuario y esa contraseña no van juntos. Revisa los dos y escribe la contraseña otra vez. Si todavía no has activado tu cuenta, hazlo primero.
password-closed-title = Por ahora no se puede entrar
password-closed-advice = Hubo muchísimos intentos. Tu maestro o el técnico de tu escuela te puede ayudar a entrar de nuevo.

## After signing out.

signed-out-title = Has salido
signed-out-lead = Ahora nadie puede abrir tus aplicaciones desde esta página.
signed-out-shared = En una computadora compartida, cierra también las otras pestañas.
signed-out-again-link = Entrar otra vez
end-session-title = { $audience ->
    [staff] ¿Quiere salir?
   *[other] ¿Quieres salir?
  }
end-session-lead = { $audience ->
    [staff] Va a salir del portal.
   *[other] Vas a salir del portal.
  }
end-session-lead-app = { $audience ->
    [staff] { $app } pide que salga también del portal.
   *[other] { $app } pide que salgas también del portal.
  }
end-session-stay-link = Quedarme
