## Said on every page.

skip-to-content = Ir al contenido
language-label = Idioma
corner-not-you = { $audience ->
    [staff] ¿No es usted?
   *[other] ¿No eres tú?
  }
sign-out-button = Salir
announcements-label = Avisos del distrito
help-link = Ayuda
help-ask = { $audience ->
    [staff] ¿Necesita ayuda? Pregunte a: { $contact }.
   *[other] ¿Necesitas ayuda? Pregunta a: { $contact }.
  }
help-contact-default = { $audience ->
    [staff] el técnico de su escuela
   *[other] tu maestro o el técnico de tu escuela
  }
next-button = Siguiente
save-button = Guardar
sign-in-button = Entrar
clear-button = Borrar lo escrito
copy-button = Copiar
copy-done = Copiado
print-card-button = Imprimir tarjeta
problems-title = { $audience ->
    [staff] Revise esto, por favor
   *[other] Revisa esto, por favor
  }
wait-title = Una pequeña pausa
wait-advice = { $audience ->
    [staff] Hubo demasiados intentos. Pruebe otra vez { $count ->
        [one] en 1 minuto
       *[other] en { $count } minutos
      } o pida ayuda.
   *[other] Hubo demasiados intentos. Prueba otra vez { $count ->
        [one] en 1 minuto
       *[other] en { $count } minutos
      } o pregunta a tu maestro.
  }

## Days and times.

date = { $day } de { $month ->
    [1] enero
    [2] febrero
    [3] marzo
    [4] abril
    [5] mayo
    [6] junio
    [7] julio
    [8] agosto
    [9] septiembre
    [10] octubre
    [11] noviembre
   *[12] diciembre
  } de { $year }
time = { $half ->
    [am] { $hour12 }:{ $minute } a. m.
   *[pm] { $hour12 }:{ $minute } p. m.
  }
in-minutes = { $count ->
    [one] en 1 minuto
   *[other] en { $count } minutos
  }
