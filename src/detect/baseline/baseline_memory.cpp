#include "detect/baseline/baseline_memory.h"

#include <algorithm>
#include <bit>

namespace tocsin::detect {
namespace {

constexpr std::size_t kShareOfNewcomers = 8;  // of the entities: one in so many may always be new

constexpr std::int64_t ms_of(std::chrono::seconds span) {
  return std::chrono::milliseconds(span).count();
}

std::int64_t ms_of(Timestamp at) {
  return std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch().count();
}

double seconds_between(std::int64_t from_ms, std::int64_t to_ms) {
  return static_cast<double>(to_ms - from_ms) / 1000;
}

// Both are hashes already.
std::uint64_t joined(std::uint64_t entity, std::uint64_t value) {
  const auto mixed = (std::rotl(entity, 23) ^ value) * 0x9e3779b97f4a7c15U;
  return mixed ^ (mixed >> 32);
}

}  // namespace

BaselineMemory::BaselineMemory(const BaselineTerms& terms, const BaselineBounds& bounds)
    : terms_(terms), bounds_(bounds) {}

Reading BaselineMemory::observe(const Sighting& sighting) {
  constexpr std::int64_t kHourMs = 3'600'000;
  const auto now_ms = ms_of(sighting.at);
  Reading reading;
  const auto place = touch_entity(sighting, now_ms);
  const bool is_new = entities_[place].events == 0;
  tell_entity(place, is_new, now_ms, reading);
  if (sighting.value) see_value(place, *sighting.value, now_ms, reading);
  auto& entity = entities_[place];
  const auto half_life = static_cast<double>(ms_of(terms_.half_life)) / kHourMs;
  if (is_new) entity.volume.hour = now_ms / kHourMs;
  entity.volume.add(now_ms / kHourMs, sighting.amount, half_life, reading);
  if (sighting.place) entity.whereabouts.move_to(*sighting.place, now_ms, reading);
  ++entity.events;
  entity.first_ms = std::min(entity.first_ms, now_ms);
  entity.last_ms = std::max(entity.last_ms, now_ms);
  return reading;
}

BaselineStats BaselineMemory::stats() const {
  return {.entities = by_entity_.size(),
          .values = by_value_.size(),
          .forgotten_entities = forgotten_entities_,
          .forgotten_values = forgotten_values_};
}

// The entity as the most recently touched of its list.
Place BaselineMemory::touch_entity(const Sighting& sighting, std::int64_t now_ms) {
  auto found = by_entity_.find(sighting.entity);
  if (found != by_entity_.end() && now_ms - entities_[found->second].last_ms > ms_of(terms_.forget)) {
    forget_entity(found->second);
    found = by_entity_.end();
  }
  if (found == by_entity_.end()) {
    if (by_entity_.size() >= bounds_.entities) {
      forget_entity(entity_to_forget(kNoPlace));
      ++forgotten_entities_;
    }
    const auto place = add_entity(sighting.entity);
    auto& entity = entities_[place];
    entity.first_ms = entity.last_ms = now_ms;
    newcomers_.add_newest(entities_, place);
    return place;
  }
  const auto place = found->second;
  auto& entity = entities_[place];
  list_of(entity).remove(entities_, place);
  entity.is_settled = entity.is_settled || is_known(entity, now_ms);
  list_of(entity).add_newest(entities_, place);
  return place;
}

bool BaselineMemory::is_known(const Entity& entity, std::int64_t now_ms) const {
  const auto since = std::max(entity.first_ms, entity.complete_since_ms);
  return entity.events >= terms_.learn_events && now_ms - since >= ms_of(terms_.learn);
}

void BaselineMemory::tell_entity(Place place, bool is_new, std::int64_t now_ms, Reading& reading) const {
  constexpr double kDaySeconds = 86'400;
  const auto& entity = entities_[place];
  reading.set(BaselineField::kKnown, !is_new && is_known(entity, now_ms) ? 1 : 0);
  reading.set(BaselineField::kEntityFirstSeen, is_new ? 1 : 0);
  reading.set(BaselineField::kEntityEvents, static_cast<double>(entity.events));
  reading.set(BaselineField::kEntityAgeDays,
              std::max(0.0, seconds_between(entity.first_ms, now_ms)) / kDaySeconds);
  reading.set(BaselineField::kEntityValues, entity.values.size);
  reading.set(BaselineField::kEntities, static_cast<double>(by_entity_.size() - (is_new ? 1 : 0)));
}

const BaselineMemory::Value* BaselineMemory::find_value(Place entity, std::uint64_t key) const {
  const auto found = by_value_.find(joined(entities_[entity].key, key));
  return found == by_value_.end() ? nullptr : &values_[found->second];
}

// A value that was not seen for long is a new one to its entity again.
void BaselineMemory::see_value(Place entity, std::uint64_t key, std::int64_t now_ms, Reading& reading) {
  const auto* remembered = find_value(entity, key);
  if (remembered != nullptr && now_ms - remembered->last_ms > ms_of(terms_.forget)) {
    forget_value(by_value_.at(remembered->place));
    remembered = nullptr;
  }
  tell_value(entities_[entity], remembered, key, now_ms, reading);
  if (remembered == nullptr) {
    make_room_for_value(entity, now_ms);
    auto& added = values_[add_value(entity, key)];
    added.last_ms = now_ms;
    added.count = 1;
    return;
  }
  const auto place = by_value_.at(remembered->place);
  auto& value = values_[place];
  auto& list = entities_[entity].values;
  list.remove(values_, place);
  list.add_newest(values_, place);
  ++value.count;
  if (now_ms < value.last_ms) return;
  value.intervals.add(seconds_between(value.last_ms, now_ms));
  value.last_ms = now_ms;
}

void BaselineMemory::tell_value(const Entity& entity, const Value* value, std::uint64_t key,
                                std::int64_t now_ms, Reading& reading) const {
  const auto having = entities_of_value_.find(key);
  reading.set(BaselineField::kFirstSeen, value == nullptr ? 1 : 0);
  reading.set(BaselineField::kValueEntities, having == entities_of_value_.end() ? 0 : having->second);
  const auto count = value == nullptr ? 0.0 : static_cast<double>(value->count);
  reading.set(BaselineField::kCount, count);
  if (entity.events > 0) reading.set(BaselineField::kShare, count / static_cast<double>(entity.events));
  if (value == nullptr) return;
  if (now_ms >= value->last_ms)
    reading.set(BaselineField::kSecondsSinceLast, seconds_between(value->last_ms, now_ms));
  value->intervals.tell(reading);
}

Place BaselineMemory::add_entity(std::uint64_t key) {
  Place place = 0;
  if (free_entities_.empty()) {
    place = static_cast<Place>(entities_.size());
    entities_.emplace_back();
  } else {
    place = free_entities_.back();
    free_entities_.pop_back();
    entities_[place] = {};
  }
  entities_[place].key = key;
  by_entity_.emplace(key, place);
  return place;
}

Place BaselineMemory::add_value(Place entity, std::uint64_t key) {
  Place place = 0;
  if (free_values_.empty()) {
    place = static_cast<Place>(values_.size());
    values_.emplace_back();
  } else {
    place = free_values_.back();
    free_values_.pop_back();
    values_[place] = {};
  }
  auto& value = values_[place];
  value.key = key;
  value.entity = entity;
  value.place = joined(entities_[entity].key, key);
  by_value_.emplace(value.place, place);
  ++entities_of_value_[key];
  entities_[entity].values.add_newest(values_, place);
  return place;
}

void BaselineMemory::make_room_for_value(Place entity, std::int64_t now_ms) {
  auto& own = entities_[entity];
  while (by_value_.size() >= bounds_.values || own.values.size >= terms_.values_per_entity) {
    const auto other = own.values.size >= terms_.values_per_entity ? kNoPlace : entity_to_forget(entity);
    if (other != kNoPlace) {
      forget_entity(other);
      ++forgotten_entities_;
      continue;
    }
    if (now_ms - values_[own.values.oldest].last_ms <= ms_of(terms_.forget)) own.complete_since_ms = now_ms;
    forget_value(own.values.oldest);
    ++forgotten_values_;
  }
}

// The one touched longest ago; of those that are not known yet while they are many.
Place BaselineMemory::entity_to_forget(Place besides) const {
  const auto oldest_of = [&](const RecencyList& list) {
    return list.oldest == besides && besides != kNoPlace ? entities_[besides].links.newer : list.oldest;
  };
  const auto newcomer = oldest_of(newcomers_);
  const auto settled = oldest_of(settled_);
  const bool many = newcomers_.size > bounds_.entities / kShareOfNewcomers;
  return newcomer != kNoPlace && (many || settled == kNoPlace) ? newcomer : settled;
}

void BaselineMemory::forget_entity(Place place) {
  auto& entity = entities_[place];
  while (entity.values.size > 0) forget_value(entity.values.oldest);
  list_of(entity).remove(entities_, place);
  by_entity_.erase(entity.key);
  free_entities_.push_back(place);
}

void BaselineMemory::forget_value(Place place) {
  const auto& value = values_[place];
  entities_[value.entity].values.remove(values_, place);
  by_value_.erase(value.place);
  const auto having = entities_of_value_.find(value.key);
  if (--having->second == 0) entities_of_value_.erase(having);
  free_values_.push_back(place);
}

}  // namespace tocsin::detect
