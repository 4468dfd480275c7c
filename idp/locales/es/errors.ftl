error-home-link = Ir a la página de inicio
error-request-id = { $audience ->
    [staff] Si pide ayuda, diga esto: { $id }
   *[other] Si pides ayuda, di esto: { $id }
  }
error-bad-request-title = La página no entendió
error-bad-request-advice = { $audience ->
    [staff] Faltó algo o algo se mezcló. Vaya a la página de inicio y pruebe otra vez.
   *[other] Faltó algo o algo se mezcló. Ve a la página de inicio y prueba otra vez.
  }
error-form-expired-title = Esta página estuvo abierta mucho tiempo
error-form-expired-advice = { $audience ->
    [staff] No se perdió nada y no se envió nada. Vaya a la página de inicio y empiece otra vez.
   *[other] No se perdió nada y no se envió nada. Ve a la página de inicio y empieza otra vez.
  }
error-forbidden-title = { $audience ->
    [staff] Esta página no es para usted
   *[other] Esta página no es para ti
  }
error-forbidden-advice = { $audience ->
    [staff] Ya entró, pero esta página es de otra persona. Si cree que debería ser suya, pida ayuda.
   *[other] Ya entraste, pero esta página es de otra persona. Si crees que debería ser tuya, pide ayuda.
  }
error-not-found-title = Aquí no hay ninguna página
error-not-found-advice = { $audience ->
    [staff] Revise la dirección o vaya a la página de inicio.
   *[other] Revisa la dirección o ve a la página de inicio.
  }
error-method-title = Esta página no puede hacer eso
error-method-advice = { $audience ->
    [staff] Vaya a la página de inicio y pruebe otra vez.
   *[other] Ve a la página de inicio y prueba otra vez.
  }
error-too-large-title = Fue demasiado de una vez
error-too-large-advice = Lo que enviaste es demasiado grande para esta página.
error-wait-title = Una pequeña pausa
error-unavailable-title = Hay mucha gente ahora
error-unavailable-advice = { $audience ->
    [staff] Muchas personas entran a la vez. Espere un momento y pruebe otra vez.
   *[other] Muchas personas entran a la vez. Espera un momento y prueba otra vez.
  }
error-bug-title = Algo falló de nuestro lado
error-bug-advice = { $audience ->
    [staff] No es culpa suya. Pruebe otra vez en un momento. Si vuelve a pasar, pida ayuda.
   *[other] No es tu culpa. Prueba otra vez en un momento. Si vuelve a pasar, pide ayuda.
  }
error-client-title = Esta aplicación no está bien configurada
error-client-advice = { $audience ->
    [staff] La aplicación nos envió algo que no podemos usar, y paramos aquí por seguridad. Ábrala desde sus aplicaciones o avise al técnico de su escuela.
   *[other] La aplicación nos envió algo que no podemos usar, y paramos aquí para cuidarte. Ábrela desde tus aplicaciones o avisa al técnico de tu escuela.
  }

## The page that hands over to an app.

form-post-title = Un momento
form-post-heading = Abriendo { $app }
form-post-lead = { $audience ->
    [staff] Si no pasa nada, presione el botón.
   *[other] Si no pasa nada, presiona el botón.
  }
form-post-button = Seguir a { $app }
