#include <array>

#include "export/digest.h"
#include "export/documents.h"
#include "export/report_rows.h"
#include "export/text.h"

namespace tocsin::exports {
namespace {

// No outer fonts, pictures or scripts; black on white so that it survives any printer. A table's head is
// repeated on each page and rows are kept whole.
constexpr std::string_view kStyle = R"(
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0 auto;padding:28px 32px 60px;max-width:1100px;background:#fff;color:#16191d;
font:15px/1.5 "Liberation Sans",Arial,"Helvetica Neue",sans-serif}
header{display:flex;gap:24px;align-items:flex-start;justify-content:space-between;border-bottom:2px solid #16191d;
padding-bottom:14px;margin-bottom:18px}
h1{font-size:23px;line-height:1.25;margin:0;overflow-wrap:anywhere}
h2{font-size:17px;margin:30px 0 8px;padding-bottom:3px;border-bottom:1px solid #c9ced6;break-after:avoid}
h3{font-size:14px;margin:16px 0 4px;break-after:avoid}
p{margin:6px 0}ul{margin:6px 0;padding-left:20px}li{margin:3px 0;overflow-wrap:anywhere}
.kicker{font-size:12px;letter-spacing:.06em;text-transform:uppercase;color:#555d68;margin:0 0 4px}
.tlp{background:#000;font-weight:700;font-size:14px;padding:5px 10px;white-space:nowrap;
-webkit-print-color-adjust:exact;print-color-adjust:exact}
.tlp-RED{color:#ff2b2b}.tlp-AMBER{color:#ffc000}.tlp-GREEN{color:#33ff00}.tlp-CLEAR{color:#fff}
dl{display:grid;grid-template-columns:repeat(3,1fr);gap:10px 24px;margin:0}
dt{font-size:12px;color:#555d68}dd{margin:0;font-weight:600;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:13px}
thead{display:table-header-group}tr{break-inside:avoid}
th{text-align:left;font-size:12px;color:#444c57;border-bottom:1.5px solid #8a93a0;padding:4px 10px 4px 0;
vertical-align:bottom}
td{border-bottom:1px solid #dde1e7;padding:5px 10px 5px 0;vertical-align:top;overflow-wrap:anywhere}
td:first-child{white-space:nowrap}
code,pre{font-family:"Liberation Mono",Consolas,Menlo,monospace;font-size:12px}
td code{overflow-wrap:anywhere}
pre{background:#f4f5f7;border:1px solid #dde1e7;padding:10px 12px;margin:6px 0;white-space:pre-wrap;
overflow-wrap:anywhere}
pre.note{font:inherit;background:none;border-width:0 0 0 3px;padding:2px 12px}
.left-out,.about{color:#555d68;font-size:13px}
footer{margin-top:32px;padding-top:8px;border-top:1px solid #c9ced6;font-size:12px;color:#555d68}
@page{size:A4;margin:16mm 14mm 18mm}
@media print{body{padding:0;max-width:none;font-size:10.5pt}h1{font-size:17pt}h2{font-size:12.5pt}
table,code,pre{font-size:8.8pt}dl{gap:6px 20px}}
)";

class Html {
 public:
  Html& raw(std::string_view markup) {
    out_ += markup;
    return *this;
  }
  Html& text(std::string_view value) {
    append_html(out_, value);
    return *this;
  }
  // Line breaks are kept; each line is one value.
  Html& lines(std::string_view value) {
    std::size_t at = 0;
    while (true) {
      const auto end = value.find('\n', at);
      auto line = value.substr(at, end - at);
      if (line.ends_with('\r')) line.remove_suffix(1);
      append_html(out_, line);
      if (end == std::string_view::npos) return *this;
      out_ += '\n';
      at = end + 1;
    }
  }
  Html& element(std::string_view tag, std::string_view value) {
    return raw("<").raw(tag).raw(">").text(value).raw("</").raw(tag).raw(">");
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

void write_head(Html& to, const Case& incident) {
  to.raw(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"")
      .text(std::string("default-src 'none'; style-src 'sha256-") + sha256_base64(kStyle) +
            "'; base-uri 'none'; form-action 'none'")
      .raw(
          "\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
          "<meta name=\"viewport\" content=\"width=device-width\">\n")
      .element("title", incident.incident.id.str() + " " + incident.incident.title)
      .raw("\n<style>")
      .raw(kStyle)
      .raw("</style>\n</head>\n<body>\n");
}

void write_title(Html& to, const Case& incident) {
  const auto tlp = marking(incident);
  const auto colour = tlp == model::Tlp::kAmberStrict ? "AMBER" : to_text(tlp);
  to.raw("<header><div><p class=\"kicker\">Incident report</p>")
      .element("h1", incident.incident.title)
      .raw("</div><div class=\"tlp tlp-")
      .raw(colour)
      .raw("\">TLP:")
      .raw(to_text(tlp))
      .raw("</div></header>\n<dl>");
  for (const auto& row : overview_of(incident).rows) {
    to.raw("<div>").element("dt", row[0]).element("dd", row[1]).raw("</div>");
  }
  to.raw("</dl>\n");
}

void write_table(Html& to, const Table& table) {
  to.raw("<table><thead><tr>");
  for (const auto& name : table.head) to.element("th", name);
  to.raw("</tr></thead>\n<tbody>\n");
  for (const auto& row : table.rows) {
    to.raw("<tr>");
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool code = i < table.code.size() && table.code[i];
      to.raw(code ? "<td><code>" : "<td>").text(row[i]).raw(code ? "</code></td>" : "</td>");
    }
    to.raw("</tr>\n");
  }
  to.raw("</tbody></table>\n");
}

void write_block(Html& to, const Block& block) {
  to.element("h3", block.title);
  if (!block.about.empty()) to.raw("<p class=\"about\">").text(block.about).raw("</p>");
  to.raw(block.language.empty() ? "<pre class=\"note\">" : "<pre>").lines(block.text).raw("</pre>\n");
}

void write_section(Html& to, const Section& section) {
  to.raw("<section>").element("h2", section.title).raw("\n");
  if (!section.items.empty()) {
    to.raw("<ul>");
    for (const auto& item : section.items) to.element("li", item);
    to.raw("</ul>\n");
  }
  if (section.table) write_table(to, *section.table);
  for (const auto& block : section.blocks) write_block(to, block);
  if (!section.note.empty()) to.raw("<p class=\"left-out\">").text(section.note).raw("</p>\n");
  to.raw("</section>\n");
}

}  // namespace

std::string html_report(const Case& incident) {
  Html to;
  write_head(to, incident);
  write_title(to, incident);
  for (const auto& section : sections_of(incident)) write_section(to, section);
  to.raw("<footer>").text(footer_of(incident)).raw("</footer>\n</body>\n</html>\n");
  return to.take();
}

}  // namespace tocsin::exports
