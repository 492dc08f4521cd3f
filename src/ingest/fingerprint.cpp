#include <algorithm>
#include <array>

#include "base/hash.h"
#include "ingest/ingest.h"
#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

using model::Entity;
using model::EntityKind;
using model::EntityRole;

constexpr std::size_t kMaxParts = 24;

// What tells one case from another. Ports, URLs (their queries vary), command lines and times are left out;
// so are entities that are merely related, except files, hashes and cloud resources, which are what the alert
// is about.
bool identifies(const Entity& entity) {
  switch (entity.kind) {
    case EntityKind::kFile:
    case EntityKind::kHash:
    case EntityKind::kCloudResource:
    case EntityKind::kDomain:
    case EntityKind::kCve:
      return true;
    case EntityKind::kUrl:
    case EntityKind::kProcess:
      return false;
    default:
      return entity.role != EntityRole::kRelated;
  }
}

std::string_view rule_of(const model::Alert& alert) {
  const auto found = std::find_if(alert.tags.begin(), alert.tags.end(),
                                  [](const std::string& tag) { return tag.starts_with("rule:"); });
  return found == alert.tags.end() ? std::string_view() : std::string_view(*found);
}

}  // namespace

std::uint64_t fingerprint(const model::Alert& alert) {
  std::array<const Entity*, kMaxParts> parts{};
  std::size_t count = 0;
  for (const auto& entity : alert.entities) {
    if (count < kMaxParts && identifies(entity)) parts[count++] = &entity;
  }
  std::sort(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(count),
            [](const Entity* a, const Entity* b) { return *a < *b; });
  FieldHasher hasher;
  hasher.add(alert.source).add(alert.type);
  const auto rule = rule_of(alert);
  if (rule.empty()) {
    const auto words = slug_of_title(alert.title);
    hasher.add(words.empty() ? std::string_view(alert.title) : std::string_view(words));
  } else {
    hasher.add(rule);
  }
  for (std::size_t i = 0; i < count; ++i) {
    hasher.add(to_text(parts[i]->kind)).add(to_text(parts[i]->role)).add(to_lower(parts[i]->value));
  }
  return hasher.finish();
}

}  // namespace tocsin::ingest
