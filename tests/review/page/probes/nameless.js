() => [...document.querySelectorAll('button, input, select, textarea, canvas')]
          .filter(e => !e.closest('[aria-hidden="true"]'))
          .filter(e => !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length))
          .map(e => e.outerHTML.slice(0, 80))
