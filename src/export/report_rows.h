#pragma once
// What the reports for people say, in order, before it becomes Markdown or HTML: one content, two forms.
// Texts are as they came; whoever writes them out escapes them.

#include <optional>
#include <string>
#include <vector>

#include "export/export.h"

namespace tocsin::exports {

struct Table {
  std::vector<std::string> head;
  std::vector<bool> code;                      // by column: a value to be copied, shown in fixed width
  std::vector<std::vector<std::string>> rows;  // as many cells as the head
};

struct Block {
  std::string title;
  std::string about;     // may be empty
  std::string language;  // of ours: kql, spl …
  std::string text;      // may have several lines
};

struct Section {
  std::string title;
  std::vector<std::string> items;  // a list
  std::optional<Table> table;
  std::vector<Block> blocks;
  std::string note;  // what was left out; may be empty
};

constexpr std::size_t kReportRows = 500;  // of one table; the rest is in the JSON and CSV files

Table overview_of(const Case& incident);
std::vector<Section> sections_of(const Case& incident);  // without the empty ones
std::string footer_of(const Case& incident);

}  // namespace tocsin::exports
