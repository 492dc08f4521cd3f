#pragma once
// Raw events in, findings and alerts out: keeps the order and the watermark that detect::EventRules asks for.
//
// Every event is judged once, in order of seq, whichever call brought it; the alerts of findings carry a
// source_id made of the event's seq, so judging again after a crash stores nothing twice. One owner: calls
// wait for each other, because detection inside time windows is sequential. May block on the database.

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api/services.h"
#include "detect/event_rules.h"

namespace tocsin::api {

class EventDesk {
 public:
  explicit EventDesk(Services& services) : services_(services) {}

  struct Judged {
    detect::Finding finding;
    std::string alert_id;
  };
  // Stores the events. Answers their places in the stream.
  Result<std::vector<model::Seq>> store(std::vector<model::Event> events);
  // Judges what has not been judged; answers the alerts that came of the events at these places (ascending),
  // whoever judged them.
  Result<std::vector<std::string>> alerts_of(const std::vector<model::Seq>& seqs);
  // Judges, and answers every finding that no earlier call of this function has answered (the newest 1,000).
  Result<std::vector<Judged>> take_findings();

  struct Totals {
    std::int64_t suspicious = 0;
    std::map<std::string, std::int64_t> by_severity;
  };
  Result<Totals> totals();

 private:
  struct Progress {
    model::Seq until = 0;  // events up to here have been judged
    Totals totals;
  };

  Result<void> load();
  Result<void> save(const Progress& progress);
  Result<void> judge();
  Result<std::vector<Judged>> judge_next(const std::vector<model::Event>& events);
  void remember(Judged judged);

  Services& services_;
  std::mutex mutex_;  // guards what follows
  std::optional<detect::EventRules> rules_;
  Progress progress_;
  std::deque<Judged> unreported_;
  std::deque<std::pair<model::Seq, std::string>> recent_;  // event, alert
};

}  // namespace tocsin::api
