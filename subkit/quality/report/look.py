"""How the page looks: light and dark, wide and narrow, on screen and on paper."""

from __future__ import annotations

__all__ = ["STYLE"]

STYLE = """
:root{color-scheme:light dark;--ground:#fff;--raised:#f6f7f9;--line:#dfe3e8;--ink:#1b1f24;
--soft:#5b6570;--accent:#2f6fb3;--error:#b3261e;--error-ground:#fbeae9;--warn:#8a5a00;
--warn-ground:#fdf3df;--dot:#5b8fc7;--warn-bar:#d99a1c;--ok:#1e7a43}
@media (prefers-color-scheme:dark){:root{--ground:#14171b;--raised:#1d2126;--line:#333a42;
--ink:#e7eaee;--soft:#9ea8b3;--accent:#7db4ee;--error:#ff8a80;--error-ground:#3a1d1c;--warn:#f0c060;
--warn-ground:#352a14;--dot:#6ea3da;--warn-bar:#b9861f;--ok:#6fcf97}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:1080px;margin:0 auto;padding:24px 20px 64px}
h1{font-size:1.6rem;line-height:1.2;margin:0 0 4px;overflow-wrap:anywhere}
h2{font-size:1.25rem;margin:40px 0 8px;padding-top:16px;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:28px 0 8px}
p{margin:0 0 8px}a{color:var(--accent)}.soft{color:var(--soft)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:10px;margin:16px 0}
.card{background:var(--raised);border:1px solid var(--line);border-radius:8px;padding:10px 14px}
.card b{display:block;font-size:1.5rem;line-height:1.2;font-variant-numeric:tabular-nums}
.card span{color:var(--soft);font-size:.85rem}
.card.error b{color:var(--error)}.card.warning b{color:var(--warn)}.card.ok b{color:var(--ok)}
figure{margin:16px 0;padding:12px;border:1px solid var(--line);border-radius:8px}
figcaption{font-size:.85rem;color:var(--soft);margin-bottom:4px}
.chart{overflow-x:auto}svg{display:block;width:100%;min-width:640px;height:auto}
svg text{font-size:11px;fill:var(--soft);font-variant-numeric:tabular-nums}
svg .y{text-anchor:end}.axis{stroke:var(--line)}
.dot{stroke:var(--dot);stroke-width:4.5;stroke-linecap:round;stroke-opacity:.65}
.few{stroke-width:8}
.dot.bad{stroke:var(--error);stroke-opacity:.9}
.limit{stroke:var(--error);stroke-dasharray:5 4;stroke-width:1}
rect.bad{fill:var(--error)}rect.warn{fill:var(--warn-bar)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;padding:5px 10px 5px 0;border-bottom:1px solid var(--line);
vertical-align:top}
th{color:var(--soft);font-weight:600}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.badge{display:inline-block;font-size:.75rem;font-weight:600;border-radius:4px;padding:0 6px;
white-space:nowrap}
.badge.error{background:var(--error-ground);color:var(--error)}
.badge.warning{background:var(--warn-ground);color:var(--warn)}
.filter{display:flex;flex-wrap:wrap;gap:6px 14px;margin:12px 0;font-size:.9rem}
.place{border:1px solid var(--line);border-left:4px solid var(--warn-bar);border-radius:6px;
padding:8px 12px;margin:10px 0;break-inside:avoid}
.place.has-error{border-left-color:var(--error)}
.time{font:.82rem ui-monospace,"SFMono-Regular",Menlo,Consolas,monospace;color:var(--soft)}
.cue{white-space:pre-wrap;overflow-wrap:anywhere;font-size:1.02rem;margin:4px 0}
.context{color:var(--soft);font-size:.85rem;white-space:nowrap;overflow:hidden;
text-overflow:ellipsis}
ul.found{list-style:none;margin:6px 0 0;padding:0}ul.found li{margin:3px 0;overflow-wrap:anywhere}
details{border-bottom:1px solid var(--line);padding:6px 0}summary{cursor:pointer}
ul.sources{font-size:.85rem;padding-left:18px;overflow-wrap:anywhere}
details div{margin:6px 0 6px 16px;overflow-wrap:anywhere}
.places:has(.only-errors:checked) .place:not(.has-error){display:none}
.places:has(.only-errors:checked) li:not(.error){display:none}
.places:has(.only-warnings:checked) li.error{display:none}
.places:has(.only-warnings:checked) .place:not(.has-warning){display:none}
@media (max-width:560px){main{padding:16px 12px 48px}h1{font-size:1.3rem}svg text{font-size:16px}
td,th{padding-right:6px}}
@media print{:root{color-scheme:light;--ground:#fff;--raised:#fff;--ink:#000;--soft:#444;
--line:#bbb;--error:#a00;--warn:#750;--accent:#000;--error-ground:#fff;--warn-ground:#fff;
--dot:#468;--ok:#000}main{max-width:none;padding:0}.filter{display:none}svg{min-width:0}
a{text-decoration:none}.badge{border:1px solid}h2{break-after:avoid}figure{break-inside:avoid}}
"""
