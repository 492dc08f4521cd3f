#pragma once
// A finding as an alert, with what its event's own fields say: hosts, accounts, addresses, indicators, the
// process. The normaliser of the event's source reads them, as it would from a webhook.

#include <memory>
#include <optional>

#include "detect/finding.h"
#include "model/alert.h"

namespace tocsin::api {

// Not thread-safe. Findings of one event that follow each other read it once.
class AlertMaker {
 public:
  explicit AlertMaker(Timestamp now) : now_(now) {}
  model::Alert make(const detect::Finding& finding);

 private:
  const Timestamp now_;
  std::shared_ptr<const model::Event> event_;  // that `record_` is of
  std::optional<model::Alert> record_;         // none when no normaliser knows the event's shape
};

}  // namespace tocsin::api
