async () => {
  const { list } = await import("/static/list.js");
  const frame = document.getElementById("list");
  let worst = 0;
  for (let i = 0; i < 40; i++) {
    frame.scrollTop = i * 5000;
    await new Promise(requestAnimationFrame);
    const began = performance.now();
    list.refresh();
    worst = Math.max(worst, performance.now() - began);
  }
  return worst;
}
