#pragma once
// Cuts a file that comes in pieces into items, holding no more of it than one item and one piece. Pure.

#include <cstddef>
#include <string>
#include <string_view>

#include "ingest/file/file_shape.h"

namespace tocsin::ingest {

struct FileItem {
  std::string_view text;        // valid until the next call
  std::size_t line = 1;         // where it begins, from 1
  const char* fault = nullptr;  // set: these bytes are no item, and this is why
};

// Line breaks in `text`.
std::size_t count_lines(std::string_view text);

class FileItems {
 public:
  static constexpr std::size_t kMaxLine = 1U << 20;        // of a line or a row
  static constexpr std::size_t kMaxItem = 16U << 20;       // of a JSON value or a document
  static constexpr std::size_t kMaxFragment = 512U << 10;  // pieces in which unreadable bytes are handed out
  static constexpr std::size_t kTableRows = 500;           // rows that share one copy of their header
  static constexpr std::size_t kMaxHeader = 64U << 10;     // of a table: each part carries it
  // Looked through for JSON values that never end; then the rest of the file is handed out unread.
  static constexpr std::uint64_t kMaxWasted = std::uint64_t{1} << 30;

  explicit FileItems(FileKind kind) : kind_(kind) {}

  void feed(std::string_view bytes);
  void finish() { last_ = true; }
  // False: feed more, or, after finish(), the end. No byte is passed over in silence, except blank ones and
  // the commas and brackets of an array.
  bool next(FileItem& item);

  // The header row of kCsv; known after the first item was asked for.
  std::string_view header() const noexcept { return header_; }

 private:
  std::string_view rest() const { return std::string_view(buffer_).substr(at_); }
  bool give(std::size_t size, FileItem& item, const char* fault = nullptr);
  bool give_fragment(std::size_t size, FileItem& item, const char* fault);
  void pass(std::size_t size);
  void pass_blanks();
  void pass_blank_lines();

  bool next_line(FileItem& item);
  bool next_row(FileItem& item);
  bool next_value(FileItem& item);
  bool next_event(FileItem& item);
  bool next_between_events(FileItem& item);
  bool next_table_part(FileItem& item);
  bool next_document(FileItem& item);
  bool give_up_value(FileItem& item);
  bool take_header();
  bool take_table_header();

  FileKind kind_;
  std::string buffer_;
  std::string header_;
  std::string part_;      // of a table: header and rows
  std::size_t at_ = 0;    // of the buffer; what is before it was handed out
  std::size_t line_ = 1;  // of at_
  std::uint64_t wasted_ = 0;
  bool last_ = false;
  bool started_ = false;
  bool in_array_ = false;
  bool has_header_ = false;  // of a table
  bool lost_ = false;        // inside bytes that could not be read, up to where an item begins again
};

}  // namespace tocsin::ingest
