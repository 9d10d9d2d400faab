"""How the report's page looks on a desk, on a phone and on paper. No font, picture or address is fetched.

What belongs here: CSS. What does not: markup (`page`) and how a chart looks (`drawing`).
"""

STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { font: 16px/1.5 Arial, Helvetica, sans-serif; color: #1c2430; background: #fff; margin: 0 auto;
  max-width: 800px; padding: 1.2rem 1rem 4rem; overflow-wrap: break-word; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; line-height: 1.25; margin: 0 0 .35rem; }
p { margin: .35rem 0; }
a { color: #00558a; }
.about { color: #47515e; }
.warning { border-left: 5px solid #d55e00; background: #fdf3ec; padding: .6rem .9rem; margin: 1rem 0; }
dl.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(13.5rem, 1fr)); gap: .6rem 1rem;
  margin: 1rem 0; }
dl.facts div { border-top: 2px solid #1c2430; padding-top: .25rem; }
dl.facts dt { font-size: .82rem; color: #47515e; } dl.facts dd { margin: 0; font-weight: 700; }
nav { border: 1px solid #c6cdd6; border-radius: 4px; padding: .7rem 1rem; margin: 1.2rem 0 2rem; }
nav ol { margin: 0; padding-left: 1.6rem; columns: 2 17rem; column-gap: 2rem; }
figure { margin: 0 0 3rem; border-top: 1px solid #c6cdd6; padding-top: 1.1rem; }
figure:target h2 { text-decoration: underline; }
.definition { color: #47515e; }
.missing { background: #eef1f5; padding: .8rem 1rem; }
.caption { font-weight: 700; margin: 1rem 0 0; }
.note { font-size: .92rem; }
svg { display: block; max-width: 100%; height: auto; margin: .8rem 0; }
svg.narrow { display: none; }
details { margin-top: .7rem; border: 1px solid #c6cdd6; border-radius: 4px; }
summary { cursor: pointer; padding: .5rem .8rem; font-weight: 700; }
.scroll { overflow-x: auto; padding: 0 .8rem .6rem; }
table { border-collapse: collapse; font-size: .86rem; line-height: 1.35; min-width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .55rem; border-bottom: 1px solid #d9dee5; }
th { background: #eef1f5; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.number, td.short { white-space: nowrap; }
footer { color: #47515e; font-size: .88rem; border-top: 1px solid #c6cdd6; padding-top: 1rem; }
@media screen and (max-width: 640px) {
  body { padding: .9rem .7rem 3rem; } h1 { font-size: 1.4rem; }
  dl.facts { gap: 0; } dl.facts dd { text-align: right; }
  dl.facts div { display: flex; justify-content: space-between; gap: .5rem; border-width: 1px; padding: .2rem 0; }
  svg.wide { display: none; } svg.narrow { display: block; margin-left: auto; margin-right: auto; }
}
@page { size: A4; margin: 14mm; }
@media print {
  body { font-size: 10.5pt; max-width: none; padding: 0; }
  nav { break-after: page; }
  figure { margin-bottom: 8mm; }
  .picture { break-inside: avoid; }
  svg.wide { display: block; max-height: 225mm; } svg.narrow { display: none; }
  h2, summary, thead { break-after: avoid; } tr { break-inside: avoid; }
  thead { display: table-header-group; }
  details { border: 0; } summary { list-style: none; padding-left: 0; }
  /* A table that nobody has unfolded is printed all the same. */
  details::details-content { content-visibility: visible; display: block; block-size: auto; height: auto; opacity: 1; }
  .scroll { overflow: visible; padding: 0; }
  table { font-size: 8pt; } th, td { padding: .12rem .35rem; }
}
"""
