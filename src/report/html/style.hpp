#pragma once

#include <string_view>

namespace stresskit::report {

/// The page's style: one neutral scale, one accent, and state colours that never stand alone.
inline constexpr std::string_view style = R"css(
:root{color-scheme:light dark;--bg:#fbfbfa;--card:#fff;--ink:#1c1e21;--soft:#5d646d;--line:#dfe2e5;
--accent:#2563a8;--good:#2e7d4f;--warn:#a76400;--bad:#b3342d;--good-bg:#e9f4ed;--warn-bg:#faf1e0;--bad-bg:#fae9e8}
@media (prefers-color-scheme:dark){:root{--bg:#14171a;--card:#1b1f23;--ink:#e6e8ea;--soft:#9aa3ac;--line:#30363c;
--accent:#6aa9ee;--good:#6cc08f;--warn:#e0a94a;--bad:#ee8078;--good-bg:#17281f;--warn-bg:#2b2416;--bad-bg:#301c1b}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
font-variant-numeric:tabular-nums;overflow-wrap:break-word}
main{max-width:1080px;margin:0 auto;padding:28px 20px 56px}
h1{font-size:15px;font-weight:600;margin:0}
h2{font-size:13px;font-weight:600;color:var(--soft);margin:36px 0 10px;letter-spacing:.02em}
.meta{color:var(--soft);margin:2px 0 18px;font-size:13px}
.verdict{border:1px solid var(--line);border-left:4px solid var(--soft);background:var(--card);border-radius:6px;padding:16px 18px}
.verdict b{display:block;font-size:24px;line-height:1.25;font-weight:600}
.verdict p{margin:4px 0 0;color:var(--ink)}
.verdict.good{border-left-color:var(--good)}.verdict.good b{color:var(--good)}
.verdict.bad{border-left-color:var(--bad)}.verdict.bad b{color:var(--bad)}
.verdict.warn{border-left-color:var(--warn)}.verdict.warn b{color:var(--warn)}
.gaps{border:1px solid var(--warn);background:var(--warn-bg);border-radius:6px;padding:10px 18px;margin-top:12px;font-size:14px}
.gaps ul{margin:4px 0;padding-left:18px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:1px;background:var(--line);
border:1px solid var(--line);border-radius:6px;overflow:hidden;margin-top:14px}
.tiles div{background:var(--card);padding:12px 14px}
.tiles dt{color:var(--soft);font-size:12px}.tiles dd{margin:0;font-size:26px;line-height:1.25;font-weight:500;white-space:nowrap}
.tiles small{color:var(--soft);font-size:12px;display:block}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:6px;background:var(--card)}
table{border-collapse:collapse;width:100%;font-size:14px}
th,td{text-align:left;padding:7px 12px;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child>*{border-bottom:0}thead th{color:var(--soft);font-weight:500;font-size:12px;white-space:nowrap}
tbody th{font-weight:500;white-space:nowrap}.n{text-align:right;white-space:nowrap}code{font:13px ui-monospace,"SF Mono",Menlo,Consolas,monospace}
.state{white-space:nowrap;font-weight:600}.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:14px}
figure{margin:0;border:1px solid var(--line);border-radius:6px;background:var(--card);padding:12px 14px;min-width:0;break-inside:avoid}
figcaption{font-weight:600;font-size:13px;margin-bottom:12px}
.plot{position:relative;height:190px;margin:0 92px 22px 58px}
.plot svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible}
.plot path{fill:none;vector-effect:non-scaling-stroke}.plot .grid{stroke:var(--line);stroke-width:1}
.line{stroke-width:1.5;stroke-linejoin:round}.line.accent{stroke:var(--accent)}.line.muted{stroke:var(--soft);stroke-width:1}
.line.strong{stroke:var(--ink)}.line.good{stroke:var(--good)}.line.warn{stroke:var(--warn)}.line.bad{stroke:var(--bad)}.plot .area.good{fill:var(--good)}.plot .area.muted{fill:var(--soft)}
.plot .area.warn{fill:var(--warn)}.plot .area.bad{fill:var(--bad)}.area{fill-opacity:.5}
.hover{fill:transparent}.hover:hover{fill:var(--accent);fill-opacity:.12}
.plot span{position:absolute;font-size:11px;line-height:1;color:var(--soft);white-space:nowrap}
.plot .y{right:100%;margin-right:8px;transform:translateY(-50%)}
.plot .x{top:100%;margin-top:8px;transform:translateX(-50%)}
.plot .label{left:100%;margin-left:8px;transform:translateY(-50%);font-weight:600}
.plot .label.accent{color:var(--accent)}.plot .label.strong{color:var(--ink)}.plot .label.good{color:var(--good)}
.plot .label.warn{color:var(--warn)}.plot .label.bad{color:var(--bad)}
.axis{margin:0 0 0 58px;font-size:11px;color:var(--soft)}
.bars td,.bars th{padding:5px 8px 5px 0;border:0;font-size:13px}.bars th{white-space:nowrap}.bars .bar{width:34%}
.bars i{display:block;height:12px;margin-top:4px;background:var(--accent);border-radius:2px;min-width:2px}.detail{color:var(--soft)}
.wide{grid-column:1/-1}
footer{margin-top:40px;color:var(--soft);font-size:12px}
@media (max-width:560px){main{padding:18px 12px 40px}.verdict b{font-size:20px}.tiles dd{font-size:22px}.detail{display:none}
.plot{margin-right:78px;margin-left:50px}}
@media print{:root{color-scheme:light;--bg:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--accent:#1d4f8a;--good:#1f6b3e;
--warn:#8a5200;--bad:#9c231d;--warn-bg:#fff}main{max-width:none;padding:0}.hover{display:none}
.area,.bars i,.verdict{print-color-adjust:exact;-webkit-print-color-adjust:exact}h2{break-after:avoid}tr{break-inside:avoid}
.charts{grid-template-columns:1fr 1fr}}
)css";

}  // namespace stresskit::report
