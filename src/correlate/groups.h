#pragma once
// Lone alerts and growing incidents, at most `capacity`; the one that went longest without a new alert is
// forgotten first. A merged group stays as a pointer to where it went, so that what refers to it still
// arrives.

#include <unordered_map>
#include <vector>

#include "correlate/correlate.h"

namespace tocsin::correlate {

// Refers to a group; finds nothing once that is forgotten. id 0: none.
struct GroupRef {
  std::uint32_t slot = 0;
  std::uint32_t id = 0;
  bool operator==(const GroupRef&) const = default;
};

struct Group {
  GroupRef self;
  GroupRef merged_into;
  std::uint32_t newer = 0;
  std::uint32_t older = 0;
  bool names_who = false;    // some alert of it has a user
  bool names_where = false;  // some alert of it has a host
  Correlator::Standing standing;
  Seq incident = 0;  // 0: a lone alert
  Aggregate total;   // of a lone alert, lead_alert is the alert
};

class Groups {
 public:
  explicit Groups(std::size_t capacity) : capacity_(capacity) {}

  Group& make(Changes& changes);
  // Where the reference leads, over merges; null when forgotten.
  Group* find(GroupRef ref);
  const Group* find(GroupRef ref) const { return const_cast<Groups*>(this)->find(ref); }
  Group* find_incident(Seq incident);
  void touch(Group& group);
  void open(Group& group, Seq incident);
  // `from` ends and leads to `into`; totals are added up.
  void merge(Group& from, Group& into);
  void rename(Group& group, Seq incident);
  void renumber(const std::function<Seq(Seq)>& new_seq);
  std::size_t bytes() const;

  template <class Visit>
  void for_each(const Visit& visit) {
    for (auto& group : slots_) {
      if (group.merged_into.id == 0) visit(group);
    }
  }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  std::uint32_t slot_for_new(Changes& changes);
  void forget(Group& group, Changes& changes);
  void push_newest(std::uint32_t slot);
  void unlink(const Group& group);

  std::size_t capacity_;
  std::vector<Group> slots_;
  std::unordered_map<Seq, GroupRef> by_incident_;
  std::uint32_t last_id_ = 0;
  std::uint32_t newest_ = kNone;
  std::uint32_t oldest_ = kNone;
};

}  // namespace tocsin::correlate
