#pragma once
// Raw events as they come (openapi.yaml: EventInput) and findings as they go.

#include <boost/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "api/event_desk.h"
#include "model/event.h"

namespace tocsin::api {

struct EventItem {
  boost::json::value value;  // null for a line that is no JSON
  std::string text;          // of a line, as it came; else empty, and the value is all there is
};

struct EventBatch {
  struct Rejected {
    std::size_t index = 0;
    std::string reason;
    std::string pointer;
    std::string dead_letter;  // id, once it was kept
  };
  std::vector<model::Event> events;
  std::vector<std::size_t> indexes;  // of each event in the body
  std::vector<Rejected> rejected;
};
inline constexpr std::size_t kMaxEvents = 10'000;  // of one body

// Strict in types, lenient in what is there: an event needs a message or an event_type. `base` is the pointer
// of the array ("/events", or "").
EventBatch read_events(const std::vector<EventItem>& items, std::string_view base, Timestamp now);

// {"findings":[…]}; nothing is executed, and each finding says what blocked it.
std::string findings_json(const std::vector<EventDesk::Judged>& findings, bool auto_respond);

}  // namespace tocsin::api
