#include "export/documents.h"
#include "export/report_rows.h"
#include "export/text.h"

namespace tocsin::exports {
namespace {

class Markdown {
 public:
  void heading(int level, std::string_view text) {
    separate();
    out_.append(static_cast<std::size_t>(level), '#');
    out_ += ' ';
    append_markdown(out_, text);
    out_ += '\n';
  }
  void paragraph(std::string_view text) {
    separate();
    append_markdown(out_, text);
    out_ += '\n';
  }
  void block(std::string_view language, std::string_view text) {
    separate();
    append_markdown_block(out_, language, text);
  }
  void items(const std::vector<std::string>& texts) {
    separate();
    for (const auto& text : texts) {
      out_ += "- ";
      append_markdown(out_, text);
      out_ += '\n';
    }
  }
  void table(const Table& table) {
    separate();
    row(table.head, {});
    for (std::size_t i = 0; i < table.head.size(); ++i) out_ += "|---";
    out_ += "|\n";
    for (const auto& cells : table.rows) row(cells, table.code);
  }
  std::string take() { return std::move(out_); }

 private:
  void separate() {
    if (!out_.empty()) out_ += '\n';
  }
  void row(const std::vector<std::string>& cells, const std::vector<bool>& code) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      out_ += "| ";
      i < code.size() && code[i] ? append_markdown_code(out_, cells[i]) : append_markdown(out_, cells[i]);
      out_ += ' ';
    }
    out_ += "|\n";
  }
  std::string out_;
};

}  // namespace

std::string markdown_report(const Case& incident) {
  Markdown to;
  const std::string mark = "TLP:" + std::string(to_text(marking(incident)));
  to.heading(1, incident.incident.title);
  to.paragraph(mark);
  to.table(overview_of(incident));
  for (const auto& section : sections_of(incident)) {
    to.heading(2, section.title);
    if (!section.items.empty()) to.items(section.items);
    if (section.table) to.table(*section.table);
    for (const auto& block : section.blocks) {
      to.heading(3, block.title);
      if (!block.about.empty()) to.paragraph(block.about);
      to.block(block.language, block.text);
    }
    if (!section.note.empty()) to.paragraph(section.note);
  }
  to.paragraph(footer_of(incident));
  return to.take();
}

}  // namespace tocsin::exports
