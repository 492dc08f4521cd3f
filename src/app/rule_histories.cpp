#include "app/rule_histories.h"

namespace tocsin::app {

store::TenantStore::RuleHistory RuleHistories::find(std::string_view source, std::string_view type,
                                                    Timestamp now) {
  thread_local std::string key;
  key.assign(source).push_back('\0');
  key.append(type);
  {
    const std::lock_guard lock(mutex_);
    const auto it = entries_.find(key);
    if (it != entries_.end() && now - it->second.read_at < kFresh) return it->second.history;
  }
  const auto read = store_.rule_history(source, type);
  const Entry entry{read ? *read : store::TenantStore::RuleHistory{}, now};
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= kMaxRules) entries_.clear();
  entries_.insert_or_assign(key, entry);
  return entry.history;
}

void RuleHistories::forget() {
  const std::lock_guard lock(mutex_);
  entries_.clear();
}

}  // namespace tocsin::app
