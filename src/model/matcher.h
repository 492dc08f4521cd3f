#pragma once
// Does an alert or an incident that is in memory answer to a query? The same answer as the database gives.

#include <memory>

#include "model/alert.h"
#include "model/condition.h"
#include "model/incident.h"

namespace tocsin::model {

class Matcher {
 public:
  explicit Matcher(const Condition& resolved);
  ~Matcher();
  Matcher(Matcher&&) noexcept;
  Matcher& operator=(Matcher&&) noexcept;

  // Thread-safe. The alert with its document: entities, IoCs, message and all.
  bool matches(const Alert& alert) const;
  bool matches(const Incident& incident) const;

 private:
  struct Node;
  template <class Item>
  static bool holds(const Node& node, const Item& item);
  std::unique_ptr<Node> root_;
};

}  // namespace tocsin::model
