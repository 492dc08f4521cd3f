#include "backup/tar.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace tocsin::backup {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kShortName = 100;
constexpr std::size_t kLongestName = 1000;
constexpr std::uint64_t kMostOctal = (std::uint64_t{1} << 33) - 1;  // 11 octal digits

// Places in a header.
constexpr std::size_t kMode = 100, kOwner = 108, kGroup = 116, kSize = 124, kTime = 136, kSum = 148,
                      kType = 156, kMagic = 257, kPrefix = 345;

using Block = std::array<char, kBlock>;

std::uint64_t padding_of(std::uint64_t bytes) {
  return (kBlock - bytes % kBlock) % kBlock;
}

void put_octal(Block& block, std::size_t at, std::size_t digits, std::uint64_t value) {
  for (std::size_t i = digits; i-- > 0; value >>= 3) block[at + i] = static_cast<char>('0' + (value & 7));
}

// Beyond 8 GiB: a marked big-endian number, as every tar of today reads it.
void put_size(Block& block, std::uint64_t bytes) {
  if (bytes <= kMostOctal) return put_octal(block, kSize, 11, bytes);
  block[kSize] = static_cast<char>(0x80);
  for (std::size_t i = 12; i-- > 4; bytes >>= 8) block[kSize + i] = static_cast<char>(bytes & 0xFF);
}

unsigned sum_of(const Block& block) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < kBlock; ++i)
    sum += i >= kSum && i < kSum + 8 ? ' ' : static_cast<unsigned char>(block[i]);
  return sum;
}

Error damaged(std::string what) {
  return error(ErrorKind::kInvalidSyntax, "read the archive", std::move(what),
               "The file is damaged, or is no backup of ours: take another one");
}

Result<std::uint64_t> get_octal(const Block& block, std::size_t at, std::size_t digits) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const char c = block[at + i];
    if (c < '0' || c > '7') return damaged("a header holds a number that is none");
    value = value << 3 | static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

Result<std::uint64_t> get_size(const Block& block) {
  if (static_cast<unsigned char>(block[kSize]) != 0x80) return get_octal(block, kSize, 11);
  std::uint64_t value = 0;
  for (std::size_t i = 1; i < 12; ++i) {
    if (i < 5 && block[kSize + i] != 0) return damaged("an entry is too large");
    value = value << 8 | static_cast<unsigned char>(block[kSize + i]);
  }
  return value;
}

bool is_zero(const Block& block) {
  return std::all_of(block.begin(), block.end(), [](char c) { return c == 0; });
}

// "27 path=uploads/…\n", its own length included.
std::string pax_path(std::string_view name) {
  const std::string rest = " path=" + std::string(name) + "\n";
  auto size = rest.size() + 1;
  while (std::to_string(size).size() + rest.size() != size) ++size;
  return std::to_string(size) + rest;
}

}  // namespace

Result<void> check_name(std::string_view name) {
  const auto wrong = [&](const char* what) {
    return error(ErrorKind::kInvalidInput, "check a name", what,
                 "Such an archive was not made by this program; nothing of it was unpacked",
                 std::string(name.substr(0, 80)));
  };
  if (name.empty() || name.size() > kLongestName) return wrong("a name is empty or too long");
  const auto odd = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\'; };
  if (std::any_of(name.begin(), name.end(), odd))
    return wrong("a name has a character that may not be in one");
  for (std::size_t at = 0; at <= name.size();) {
    const auto end = std::min(name.find('/', at), name.size());
    const auto part = name.substr(at, end - at);
    if (part.empty() || part == "." || part == "..") return wrong("a name leads out of its folder");
    at = end + 1;
  }
  return {};
}

// ---- writing

Result<void> TarWriter::header(std::string_view name, std::uint64_t bytes, unsigned mode, char type) {
  Block block{};
  std::copy(name.begin(), name.end(), block.begin());
  put_octal(block, kMode, 7, mode & 0777);
  put_octal(block, kOwner, 7, 0);
  put_octal(block, kGroup, 7, 0);
  put_size(block, bytes);
  put_octal(block, kTime, 11, 0);
  block[kType] = type;
  std::memcpy(block.data() + kMagic, "ustar\00000", 8);
  put_octal(block, kSum, 6, sum_of(block));
  block[kSum + 7] = ' ';
  left_ = bytes;
  padding_ = padding_of(bytes);
  return sink_({block.data(), block.size()});
}

Result<void> TarWriter::begin(const TarEntry& entry) {
  TOCSIN_CHECK(check_name(entry.name));
  if (entry.name.size() <= kShortName) return header(entry.name, entry.bytes, entry.mode, '0');
  const auto path = pax_path(entry.name);
  TOCSIN_CHECK(header("long-name", path.size(), 0600, 'x'));
  TOCSIN_CHECK(write(path));
  TOCSIN_CHECK(end());
  return header("long-name", entry.bytes, entry.mode, '0');
}

Result<void> TarWriter::write(std::string_view bytes) {
  if (bytes.size() > left_) return error(ErrorKind::kInternal, "write the archive", "an entry has grown");
  left_ -= bytes.size();
  return sink_(bytes);
}

Result<void> TarWriter::end() {
  if (left_ != 0) return error(ErrorKind::kInternal, "write the archive", "an entry has shrunk");
  const Block zeros{};
  return sink_({zeros.data(), static_cast<std::size_t>(padding_)});
}

Result<void> TarWriter::finish() {
  const Block zeros{};
  TOCSIN_CHECK(sink_({zeros.data(), zeros.size()}));
  return sink_({zeros.data(), zeros.size()});
}

// ---- reading

Result<void> TarReader::fill(char* to, std::size_t size) {
  TOCSIN_TRY(got, source_(to, size));
  if (got != size) return damaged("it ends too early");
  return {};
}

Result<std::size_t> TarReader::read(char* to, std::size_t size) {
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(size, left_));
  if (wanted == 0) return std::size_t{0};
  TOCSIN_CHECK(fill(to, wanted));
  left_ -= wanted;
  return wanted;
}

Result<void> TarReader::skip_rest() {
  std::array<char, 64 * kBlock> waste;
  while (left_ > 0) TOCSIN_CHECK(read(waste.data(), waste.size()));
  TOCSIN_CHECK(fill(waste.data(), static_cast<std::size_t>(padding_)));
  const bool zeros = std::all_of(waste.begin(), waste.begin() + static_cast<std::ptrdiff_t>(padding_),
                                 [](char c) { return c == 0; });
  padding_ = 0;
  return zeros ? Result<void>() : damaged("the padding of an entry is not empty");
}

// The second block of zeros, and then nothing.
Result<bool> TarReader::check_end() {
  Block block;
  TOCSIN_CHECK(fill(block.data(), block.size()));
  if (!is_zero(block)) return damaged("there is something behind its end");
  TOCSIN_TRY(more, source_(block.data(), block.size()));
  if (more != 0) return damaged("there is something behind its end");
  return false;
}

Result<bool> TarReader::header(TarEntry& entry, char& type) {
  Block block;
  TOCSIN_CHECK(fill(block.data(), block.size()));
  if (is_zero(block)) return check_end();
  TOCSIN_TRY(sum, get_octal(block, kSum, 6));
  if (sum != sum_of(block) || std::memcmp(block.data() + kMagic, "ustar\00000", 8) != 0 ||
      block[kPrefix] != 0)
    return damaged("a header is damaged");
  TOCSIN_TRY(bytes, get_size(block));
  TOCSIN_TRY(mode, get_octal(block, kMode, 7));
  const std::string_view field(block.data(), kShortName);
  const auto name = field.substr(0, field.find('\0'));
  if (field.find_first_not_of('\0', name.size()) != std::string_view::npos)
    return damaged("a name goes on behind its end");
  entry = {std::string(name), bytes, static_cast<unsigned>(mode & 0777)};
  type = block[kType];
  left_ = bytes;
  padding_ = padding_of(bytes);
  return true;
}

Result<std::string> TarReader::long_name(std::uint64_t bytes) {
  if (bytes > kLongestName + 16) return damaged("a long name is too long");
  std::string record(static_cast<std::size_t>(bytes), '\0');
  TOCSIN_CHECK(read(record.data(), record.size()));
  TOCSIN_CHECK(skip_rest());
  const auto at = record.find(" path=");
  if (at == std::string::npos || record.back() != '\n') return damaged("a long name is damaged");
  auto name = record.substr(at + 6, record.size() - at - 7);
  if (pax_path(name) != record) return damaged("a long name is damaged");
  return name;
}

Result<bool> TarReader::next(TarEntry& entry) {
  TOCSIN_CHECK(skip_rest());
  char type = 0;
  TOCSIN_TRY(more, header(entry, type));
  if (!more) return false;
  if (type == 'x') {
    TOCSIN_TRY(name, long_name(entry.bytes));
    TOCSIN_TRY(followed, header(entry, type));
    if (!followed) return damaged("a long name belongs to nothing");
    entry.name = std::move(name);
  }
  if (type != '0') return damaged("an entry is no regular file");
  TOCSIN_CHECK(check_name(entry.name));
  return true;
}

}  // namespace tocsin::backup
