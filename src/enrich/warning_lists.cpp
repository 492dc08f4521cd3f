#include "enrich/warning_lists.h"

#include <re2/re2.h>

#include <algorithm>

#include "enrich/lower.h"

namespace tocsin::enrich {
namespace {

using model::EntityKind;
using model::Ioc;
using model::IocKind;

constexpr std::int64_t kExpressionMemory = 1 << 20;
constexpr std::size_t kMaxScanned =
    2048;  // bytes of a value that substrings and expressions are looked for in

std::string_view host_of(const Ioc& ioc) {
  std::string_view text = ioc.value;
  if (ioc.kind == IocKind::kUrl) {
    const auto scheme = text.find("://");
    if (scheme == std::string_view::npos) return {};
    text.remove_prefix(scheme + 3);
    text = text.substr(0, text.find_first_of("/?#"));
  }
  if (const auto at = text.rfind('@'); at != std::string_view::npos) text.remove_prefix(at + 1);
  if (text.starts_with('[')) return text.substr(1, text.find(']') - 1);
  return ioc.kind == IocKind::kUrl ? text.substr(0, text.find(':')) : text;
}

EntityKind entity_kind(IocKind kind) {
  constexpr EntityKind kKinds[] = {EntityKind::kIp,    EntityKind::kDomain, EntityKind::kUrl,
                                   EntityKind::kHash,  EntityKind::kHash,   EntityKind::kHash,
                                   EntityKind::kEmail, EntityKind::kCve};
  return kKinds[static_cast<std::size_t>(kind)];
}

void keep_as_entity(const Ioc& ioc, model::Alert& alert) {
  const auto same = [&](const model::Entity& entity) { return entity.value == ioc.value; };
  if (alert.entities.size() >= model::kMaxEntities ||
      std::any_of(alert.entities.begin(), alert.entities.end(), same))
    return;
  alert.entities.push_back({entity_kind(ioc.kind), ioc.value, model::EntityRole::kRelated});
}

}  // namespace

WarningIndex::WarningIndex() = default;
WarningIndex::~WarningIndex() = default;
WarningIndex::WarningIndex(WarningIndex&&) noexcept = default;
WarningIndex& WarningIndex::operator=(WarningIndex&&) noexcept = default;

void WarningIndex::add(WarningList list, std::string origin) {
  const auto values = std::move(list.values);
  list.values.clear();
  const auto number = static_cast<std::uint32_t>(lists_.size());
  lists_.push_back({std::move(list), std::move(origin), 0});
  for (const auto& value : values) add_value(number, value);
}

void WarningIndex::seal() {
  ranges_ = RangeMap(std::move(blocks_));
}

void WarningIndex::add_value(std::uint32_t number, std::string_view value) {
  auto& info = lists_[number];
  const bool fits = total_ < kMaxWarningTotal && value.size() <= kMaxWarningBytes - bytes_;
  const bool taken = fits && take_value(number, value);
  ++(taken ? info.values : info.list.left_out);
  if (!taken) return;
  ++total_;
  bytes_ += value.size();
}

// False for what the list's type cannot read, or when there are too many of it.
bool WarningIndex::take_value(std::uint32_t number, std::string_view value) {
  switch (lists_[number].list.type) {
    case WarningType::kString:
      add_hit(strings_, Lower(value).view(), number);
      return true;
    case WarningType::kHostname:
      if (value.starts_with('.')) value.remove_prefix(1);
      add_hit(hostnames_, Lower(value).view(), number);
      return true;
    case WarningType::kCidr: {
      const auto network = model::parse_network(value);
      if (network) blocks_.push_back({*network, number});
      return network.has_value();
    }
    case WarningType::kSubstring:
      if (substrings_.size() == kMaxWarningSubstrings) return false;
      substrings_.push_back({number, std::string(Lower(value).view()), nullptr});
      return true;
    case WarningType::kRegex:
      return add_expression(number, value);
  }
  return false;
}

// Once a list, so that what is walked for a value has at most as many steps as there are lists.
void WarningIndex::add_hit(StringIndex& index, std::string_view key, std::uint32_t list) {
  const auto before = index.find(key);
  if (before != kNone && hits_[before].list == list) return;
  index.put(key, static_cast<std::uint32_t>(hits_.size()));
  hits_.push_back({list, before});
}

// "/…/i" as PHP, which MISP is written in, delimits expressions; or bare.
bool WarningIndex::add_expression(std::uint32_t list, std::string_view value) {
  if (expressions_.size() == kMaxWarningExpressions) return false;
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kExpressionMemory);
  const auto end = value.rfind('/');
  if (value.starts_with('/') && end > 0) {
    options.set_case_sensitive(value.substr(end).find('i') == std::string_view::npos);
    value = value.substr(1, end - 1);
  }
  auto expression = std::make_unique<re2::RE2>(re2::StringPiece(value.data(), value.size()), options);
  if (!expression->ok()) return false;
  expressions_.push_back({list, {}, std::move(expression)});
  return true;
}

// Stops, and answers false, when `each` does.
template <class Each>
bool WarningIndex::each_hit(std::uint32_t hit, Each each) const {
  for (; hit != kNone; hit = hits_[hit].next) {
    if (!each(hits_[hit].list)) return false;
  }
  return true;
}

// Every list that holds the value and may be asked about its kind, until `each` answers false.
template <class Each>
void WarningIndex::each_list(const Ioc& ioc, Each each) const {
  const auto allowed = [&](std::uint32_t list) {
    const bool wanted = (lists_[list].list.kinds >> static_cast<unsigned>(ioc.kind) & 1U) != 0;
    return !wanted || each(lists_[list]);
  };
  const auto text = std::string_view(ioc.value).substr(0, kMaxScanned);
  const Lower lower(text);
  if (!each_hit(strings_.find(lower.view()), allowed)) return;
  const Lower host(host_of(ioc));
  if (ioc.kind == IocKind::kIp || ioc.kind == IocKind::kUrl) {
    const auto address = model::parse_address(host.view());
    if (address && !ranges_.each_around(*address, [&](const auto& block) { return allowed(block.value); }))
      return;
  }
  for (auto name = host.view(); !name.empty();) {
    if (!each_hit(hostnames_.find(name), allowed)) return;
    const auto dot = name.find('.');
    name = dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
  }
  for (const auto& pattern : substrings_) {
    if (lower.view().find(pattern.text) != std::string_view::npos && !allowed(pattern.list)) return;
  }
  for (const auto& pattern : expressions_) {
    if (re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *pattern.expression) &&
        !allowed(pattern.list))
      return;
  }
}

const WarningIndex::Info* WarningIndex::find(const Ioc& ioc) const {
  const Info* found = nullptr;
  each_list(ioc, [&](const Info& info) {
    if (!info.list.known) found = &info;
    return found == nullptr;
  });
  return found;
}

void WarningIndex::apply(FactSink& sink) const {
  if (lists_.empty()) return;
  auto& alert = sink.alert();
  std::erase_if(alert.iocs, [&](const Ioc& ioc) {
    const Info* known = nullptr;
    const Info* harmless = nullptr;
    each_list(ioc, [&](const Info& info) {
      (info.list.known ? known : harmless) = &info;
      return harmless == nullptr;
    });
    const auto* told = harmless != nullptr ? harmless : known;
    if (told == nullptr) return false;
    sink.add(harmless != nullptr ? "not_an_indicator" : "known_value",
             told->list.description.empty() ? told->list.name : told->list.description,
             "warning_list: " + told->list.name, told->list.as_of, ioc.value);
    if (harmless != nullptr) keep_as_entity(ioc, alert);
    return harmless != nullptr;
  });
}

}  // namespace tocsin::enrich
