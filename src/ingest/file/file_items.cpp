#include "ingest/file/file_items.h"

#include <algorithm>

#include "ingest/file/rows.h"
#include "ingest/json_scan.h"
#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Where an <Event> element begins: "<Event>" or "<Event …", not "<Events".
std::size_t find_event(std::string_view text) {
  constexpr std::string_view kTag = "<Event";
  for (auto at = text.find(kTag); at != text.npos; at = text.find(kTag, at + 1)) {
    const auto after = at + kTag.size();
    if (after < text.size() && (text[after] == '>' || is_blank(text[after]))) return at;
  }
  return text.npos;
}

}  // namespace

std::size_t count_lines(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

void FileItems::feed(std::string_view bytes) {
  buffer_.erase(0, at_);
  at_ = 0;
  buffer_ += bytes;
}

bool FileItems::next(FileItem& item) {
  if (!started_ && (buffer_.size() >= kByteOrderMark.size() || last_)) {
    if (buffer_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
    started_ = true;
  }
  if (!started_) return false;
  switch (kind_) {
    case FileKind::kJson:
      return next_value(item);
    case FileKind::kCsv:
      return take_header() && next_row(item);
    case FileKind::kXmlEvents:
      return next_event(item);
    case FileKind::kTable:
      return next_table_part(item);
    case FileKind::kDocument:
      return next_document(item);
    case FileKind::kLines:
    case FileKind::kKeyValues:
      return next_line(item);
  }
  return false;
}

void FileItems::pass(std::size_t size) {
  line_ += count_lines(rest().substr(0, size));
  at_ += size;
}

void FileItems::pass_blanks() {
  pass(std::min(skip_space(rest(), 0), rest().size()));
}

// Whole lines only: a row may begin with the tab that ends an empty field.
void FileItems::pass_blank_lines() {
  const auto blank = std::min(skip_space(rest(), 0), rest().size());
  const auto lines = rest().substr(0, blank).rfind('\n') + 1;  // npos + 1 is none
  pass(last_ && blank == rest().size() ? blank : lines);
}

bool FileItems::give(std::size_t size, FileItem& item, const char* fault) {
  item = {rest().substr(0, size), line_, fault};
  pass(size);
  return true;
}

bool FileItems::give_fragment(std::size_t size, FileItem& item, const char* fault) {
  return give(std::min({size, rest().size(), kMaxFragment}), item, fault);
}

// ---- lines and rows

bool FileItems::next_line(FileItem& item) {
  for (;;) {
    const auto end = rest().find('\n');
    const bool whole = end != std::string_view::npos;
    const auto size = whole ? end + 1 : rest().size();
    if (size > kMaxLine || lost_) {
      if (lost_ && !whole && !last_ && size <= kMaxFragment) return false;
      lost_ = !whole || size > kMaxFragment;
      if (size > 0) return give_fragment(size, item, "the line is longer than 1 MiB");
    }
    if (!whole && (!last_ || size == 0)) return false;
    if (!trim(rest().substr(0, size)).empty()) return give(size, item);
    pass(size);
  }
}

bool FileItems::take_header() {
  if (!header_.empty()) return true;
  pass_blank_lines();
  const auto end = end_of_row(rest());
  if (end == std::string_view::npos && !last_ && rest().size() <= kMaxLine) return false;
  const auto size = std::min({end, rest().size(), kMaxLine});
  header_ = rest().substr(0, size);
  pass(size);
  return !header_.empty();
}

bool FileItems::next_row(FileItem& item) {
  pass_blank_lines();
  const auto end = end_of_row(rest());
  if (end <= kMaxLine)  // npos is larger
    return give(end, item);
  if (!last_ && rest().size() < kMaxLine) return false;
  if (rest().empty()) return false;
  const bool closed = std::count(rest().begin(), rest().end(), '"') % 2 == 0;
  if (closed && rest().size() <= kMaxLine) return give(rest().size(), item);
  // A quote that never ends takes its own line with it, not the rest of the file.
  const auto line = rest().find('\n');
  return give_fragment(line == std::string_view::npos ? rest().size() : line + 1, item,
                       "a quote is opened and not closed");
}

// ---- JSON

bool FileItems::next_value(FileItem& item) {
  for (;;) {
    if (lost_) return give_up_value(item);
    pass_blanks();
    const auto text = rest();
    if (text.empty()) return false;
    const char c = text.front();
    const bool layout = in_array_ ? c == ',' || c == ']' : c == '[';
    if (layout) {
      if (c != ',') in_array_ = c == '[';
      pass(1);
      continue;
    }
    const auto end = skip_value(text, 0);
    const bool whole = end <= kMaxItem && (end < text.size() || last_);  // kNotFound is larger
    if (whole) return give(end, item);
    const bool begins = c == '{' || c == '[' || c == '"' || end != kNotFound;
    if (begins && !last_ && text.size() < kMaxItem) return false;
    if (begins) wasted_ += std::min(text.size(), kMaxItem);
    return give_up_value(item);
  }
}

// What cannot be read goes up to where an object begins a line again.
bool FileItems::give_up_value(FileItem& item) {
  const auto next = wasted_ > kMaxWasted ? std::string_view::npos : rest().find("\n{");
  if (next < kMaxFragment) {  // npos is larger
    lost_ = false;
    in_array_ = false;
    return give(next + 1, item, "this is no whole JSON value");
  }
  if (rest().empty()) return false;
  lost_ = true;
  // Fragments are alike in whatever pieces the file comes; one byte more is at hand, as it may end the mark.
  if (!last_ && rest().size() <= kMaxFragment) return false;
  return give_fragment(rest().size(), item, "this is no whole JSON value");
}

// ---- XML, tables, documents

bool FileItems::next_event(FileItem& item) {
  constexpr std::string_view kEnd = "</Event>";
  const auto begin = find_event(rest());
  if (begin == std::string_view::npos) return next_between_events(item);
  pass(begin);
  const auto end = rest().find(kEnd);
  if (end < kMaxItem)  // npos is larger
    return give(end + kEnd.size(), item);
  if (!last_ && rest().size() < kMaxItem) return false;
  return give_fragment(rest().size(), item, "this <Event> element is not closed");
}

// What holds no element: blank, the end of the list, or not what it should be.
bool FileItems::next_between_events(FileItem& item) {
  constexpr std::string_view kClose = "</Events>";
  constexpr std::size_t kCut = 7;  // "<Event" and a byte behind it, when the piece ends in them
  pass_blanks();
  if (!last_ && rest().size() <= kMaxFragment + kCut) return false;
  if (rest().empty() || trim(rest()) == kClose) return false;
  return give_fragment(rest().size(), item, "no <Event> element is in it");
}

// Lines that begin with '#' (Zeek), or the first one (flow logs).
bool FileItems::take_table_header() {
  while (!has_header_) {
    const auto end = rest().find('\n');
    if (end == std::string_view::npos && !last_ && rest().size() <= kMaxHeader) return false;
    const auto line = rest().substr(0, std::min(end, kMaxHeader) + 1);  // npos is larger
    has_header_ = line.empty() || (!header_.empty() && line.front() != '#');
    if (has_header_) break;
    header_ += line;
    has_header_ = line.front() != '#' || header_.size() > kMaxHeader;
    pass(line.size());
  }
  return true;
}

bool FileItems::next_table_part(FileItem& item) {
  if (!take_table_header()) return false;
  pass_blank_lines();
  std::size_t size = 0;
  std::size_t rows = 0;
  while (rows < kTableRows && size < rest().size()) {
    const auto end = rest().find('\n', size);
    if (end == std::string_view::npos && !last_) break;
    size = end == std::string_view::npos ? rest().size() : end + 1;
    ++rows;
  }
  if (rows < kTableRows && !last_) {
    if (rest().size() < kMaxItem) return false;
    return give_fragment(rest().size(), item, "the rows are longer than 1 MiB");
  }
  if (size == 0) return false;
  part_ = header_;
  part_ += rest().substr(0, size);
  item = {part_, line_ - std::min(line_ - 1, count_lines(header_)), nullptr};
  pass(size);
  return true;
}

bool FileItems::next_document(FileItem& item) {
  if (lost_ || rest().size() > kMaxItem) {
    lost_ = true;
    return !rest().empty() && give_fragment(rest().size(), item, "the document is larger than 16 MiB");
  }
  return last_ && !trim(rest()).empty() && give(rest().size(), item);
}

}  // namespace tocsin::ingest
