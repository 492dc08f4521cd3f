#include "correlate/groups.h"

namespace tocsin::correlate {

Group& Groups::make(Changes& changes) {
  const auto slot = slot_for_new(changes);
  auto& group = slots_[slot];
  group = Group{};
  if (++last_id_ == 0) ++last_id_;
  group.self = {slot, last_id_};
  push_newest(slot);
  return group;
}

std::uint32_t Groups::slot_for_new(Changes& changes) {
  if (slots_.size() < capacity_) {
    slots_.emplace_back();
    return static_cast<std::uint32_t>(slots_.size() - 1);
  }
  const auto slot = oldest_;
  forget(slots_[slot], changes);
  return slot;
}

void Groups::forget(Group& group, Changes& changes) {
  unlink(group);
  if (group.incident == 0 || group.merged_into.id != 0) return;
  changes.forgotten.emplace_back(group.incident, group.total);
  by_incident_.erase(group.incident);
}

Group* Groups::find(GroupRef ref) {
  while (ref.id != 0 && ref.slot < slots_.size() && slots_[ref.slot].self.id == ref.id) {
    auto& group = slots_[ref.slot];
    if (group.merged_into.id == 0) return &group;
    ref = group.merged_into;
  }
  return nullptr;
}

Group* Groups::find_incident(Seq incident) {
  const auto found = by_incident_.find(incident);
  return found == by_incident_.end() ? nullptr : find(found->second);
}

void Groups::touch(Group& group) {
  if (group.self.slot == newest_) return;
  unlink(group);
  push_newest(group.self.slot);
}

void Groups::open(Group& group, Seq incident) {
  group.incident = incident;
  by_incident_[incident] = group.self;
}

void Groups::merge(Group& from, Group& into) {
  if (from.incident != 0) by_incident_.erase(from.incident);
  combine(into.total, from.total);
  into.names_who = into.names_who || from.names_who;
  into.names_where = into.names_where || from.names_where;
  from.merged_into = into.self;
}

void Groups::rename(Group& group, Seq incident) {
  by_incident_.erase(group.incident);
  open(group, incident);
}

void Groups::renumber(const std::function<Seq(Seq)>& new_seq) {
  by_incident_.clear();
  for_each([&](Group& group) {
    if (group.incident != 0) open(group, new_seq(group.incident));
  });
}

std::size_t Groups::bytes() const {
  constexpr std::size_t kMapNode = sizeof(std::pair<const Seq, GroupRef>) + 2 * sizeof(void*);
  return slots_.capacity() * sizeof(Group) + by_incident_.size() * kMapNode +
         by_incident_.bucket_count() * sizeof(void*);
}

void Groups::push_newest(std::uint32_t slot) {
  slots_[slot].newer = kNone;
  slots_[slot].older = newest_;
  if (newest_ != kNone) slots_[newest_].newer = slot;
  newest_ = slot;
  if (oldest_ == kNone) oldest_ = slot;
}

void Groups::unlink(const Group& group) {
  (group.newer == kNone ? newest_ : slots_[group.newer].older) = group.older;
  (group.older == kNone ? oldest_ : slots_[group.older].newer) = group.newer;
}

}  // namespace tocsin::correlate
