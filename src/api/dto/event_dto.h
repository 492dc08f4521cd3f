#pragma once
// Raw events as they come (openapi.yaml: EventInput) and findings as they go.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/event_desk.h"
#include "model/event.h"

namespace tocsin::api {

struct EventItem {
  std::string_view text;  // as it came: a line, or an element of an array; of the body
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

enum class EventForm : std::uint8_t {
  kMessage,    // an event needs a message or an event_type, and says what it says as text
  kAnyRecord,  // or it is a record of some product: any object with a member; rules read its own fields
};

// `base` is the pointer of the array ("/events", or "").
EventBatch read_events(const std::vector<EventItem>& items, std::string_view base, EventForm form,
                       Timestamp now);

// {"findings":[…]}; nothing is executed, and each finding says what blocked it.
std::string findings_json(const std::vector<EventDesk::Judged>& findings, bool auto_respond);

}  // namespace tocsin::api
