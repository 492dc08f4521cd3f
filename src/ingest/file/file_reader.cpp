#include "ingest/file/file_reader.h"

#include <algorithm>
#include <cstring>

#include "ingest/file/rows.h"
#include "ingest/message.h"
#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

// Where parts stand inside an item that spans lines. They come in the item's order, so each byte is looked at
// once; parts that are not in it word for word are looked for a few times only. memmem is linear, which
// string_view::find is not in texts that repeat themselves.
class Lines {
 public:
  Lines(std::string_view item, std::size_t first) : rest_(item), line_(first), first_(first) {}

  std::size_t of(std::string_view part) {
    const auto* const found =
        part.empty() || misses_ == kMaxMisses
            ? nullptr
            : static_cast<const char*>(memmem(rest_.data(), rest_.size(), part.data(), part.size()));
    if (found == nullptr) {
      misses_ = std::min(misses_ + 1, kMaxMisses);
      return first_;
    }
    const auto at = static_cast<std::size_t>(found - rest_.data());
    line_ += count_lines(rest_.substr(0, at));
    rest_.remove_prefix(at);
    return line_;
  }

 private:
  static constexpr std::size_t kMaxMisses = 16;
  std::string_view rest_;
  std::size_t line_;
  std::size_t first_;
  std::size_t misses_ = 0;
};

}  // namespace

FileReader::FileReader(FileShape shape, const Options& options)
    : shape_(std::move(shape)), options_(options), chunks_(shape_.kind) {}

bool FileReader::next(FileChunk& chunk) {
  return chunks_.next(chunk, [this](const FileItem& item) { read(item); });
}

void FileReader::read(const FileItem& item) {
  if (item.fault != nullptr) {
    return chunks_.open().normalised.rejections.push_back(
        {item.line, error(ErrorKind::kInvalidSyntax, "read file", item.fault), std::string(item.text)});
  }
  const auto text = trim(item.text);
  const bool json = text.starts_with('{') || text.starts_with('[');
  switch (shape_.kind) {
    case FileKind::kCsv:
      return read_row(item.text, item.line);
    case FileKind::kKeyValues:
      return take(normalise(shape_.source, pairs_object(text, shape_.source == "generic"), options_), text,
                  item.line);
    case FileKind::kLines:
      // A mapping reads JSON only, and says so.
      if (!json && !canonical_source(shape_.source).empty())
        return normalise_message(shape_.source, text, item.line, options_, chunks_.open().normalised);
      break;
    default:
      return take(normalise(shape_.source, item.text, options_), item.text, item.line);
  }
  take(normalise(shape_.source, text, options_), text, item.line);
}

void FileReader::read_row(std::string_view row, std::size_t line) {
  if (columns_.empty()) columns_ = split_row(chunks_.header(), shape_.delimiter);
  const auto values = split_row(row, shape_.delimiter);
  if (values.size() > columns_.size()) {
    return chunks_.open().normalised.rejections.push_back(
        {line,
         error(ErrorKind::kInvalidInput, "read row",
               "the row has " + std::to_string(values.size()) + " columns, the header " +
                   std::to_string(columns_.size())),
         std::string(row)});
  }
  take(normalise(shape_.source, row_object(columns_, values, shape_.source == "generic"), options_), row,
       line);
}

void FileReader::take(Result<Normalised> read, std::string_view item, std::size_t line) {
  auto& to = chunks_.open().normalised;
  if (!read) return to.rejections.push_back({line, std::move(read).error(), std::string(item)});
  for (auto& record : read->records) {
    record.index = line;
    to.records.push_back(std::move(record));
  }
  Lines lines(item, line);
  for (auto& rejection : read->rejections) {
    rejection.index = lines.of(rejection.fragment);
    to.rejections.push_back(std::move(rejection));
  }
}

}  // namespace tocsin::ingest
