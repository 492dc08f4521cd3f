#include "model/suppressed.h"

namespace tocsin::model {
namespace {

constexpr std::uint16_t kKeptApart = 1U << 15U;

}  // namespace

std::string_view marked_by(const Alert& alert, std::string_view mark) {
  for (const auto& tag : alert.tags) {
    if (tag.starts_with(mark)) return std::string_view(tag).substr(mark.size());
  }
  return {};
}

bool is_suppressed(const Alert& alert) {
  return alert.status == AlertStatus::kClosed && !marked_by(alert, kSuppressedTag).empty();
}

void keep_apart(LinkRecord& record) {
  record.tactics = static_cast<std::uint16_t>(record.tactics | kKeptApart);
}

bool is_kept_apart(const LinkRecord& record) {
  return (record.tactics & kKeptApart) != 0;
}

std::uint16_t tactics_of(const LinkRecord& record) {
  return static_cast<std::uint16_t>(record.tactics & ~unsigned{kKeptApart});
}

}  // namespace tocsin::model
