#include "intake/file_position.h"

#include <array>
#include <charconv>

namespace tocsin::intake {
namespace {

constexpr std::string_view kVersion = "1";

// The number before the next blank; absent when there is none.
std::optional<std::uint64_t> take_number(std::string_view& rest) {
  if (!rest.starts_with(' ')) return std::nullopt;
  rest.remove_prefix(1);
  std::uint64_t value = 0;
  const auto [stop, code] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (code != std::errc{}) return std::nullopt;
  rest.remove_prefix(static_cast<std::size_t>(stop - rest.data()));
  return value;
}

}  // namespace

std::string encode(const FilePosition& position) {
  std::string text(kVersion);
  for (const auto number : {position.offset, std::uint64_t{position.skipping}, position.sent_until,
                            position.fingerprint, position.fingerprint_bytes, position.generation}) {
    text += ' ' + std::to_string(number);
  }
  return text;
}

std::optional<FilePosition> decode_position(std::string_view text) {
  if (!text.starts_with(kVersion)) return std::nullopt;
  text.remove_prefix(kVersion.size());
  std::array<std::uint64_t, 6> numbers{};
  for (auto& number : numbers) {
    const auto read = take_number(text);
    if (!read) return std::nullopt;
    number = *read;
  }
  const bool sound = text.empty() && numbers[1] <= 1 && numbers[4] <= kFingerprintBytes;
  if (!sound) return std::nullopt;
  return FilePosition{numbers[0], numbers[1] == 1, numbers[2], numbers[3], numbers[4], numbers[5]};
}

std::string position_key(std::string_view group, const FileId& file) {
  return "intake.position." + std::string(group) + '.' + std::to_string(file.device) + '.' +
         std::to_string(file.inode);
}

}  // namespace tocsin::intake
