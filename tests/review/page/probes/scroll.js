async () => {
  const { list } = await import("/static/list.js");
  const frame = document.getElementById("list");
  const took = [];
  for (let i = 0; i < 40; i++) {
    frame.scrollTop = i * 5000;
    await new Promise(requestAnimationFrame);
    const began = performance.now();
    list.refresh();
    took.push(performance.now() - began);
  }
  return took.sort((a, b) => a - b)[20]; // what else the machine does bears on the slowest alone
}
