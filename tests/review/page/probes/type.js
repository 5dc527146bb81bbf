() => {
          const area = document.querySelector('#rows textarea');
          let worst = 0;
          for (const letter of '열 글자를 써 봅니다') {
            area.value += letter;
            const began = performance.now();
            area.dispatchEvent(new Event('input'));
            worst = Math.max(worst, performance.now() - began);
          }
          return worst;
        }
