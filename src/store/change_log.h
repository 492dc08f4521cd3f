#pragma once
// What an incident's action log says of a person's change: who, what, from which value to which. The
// databases write these lines in the transaction of the change, so that there is none without its line.
//
// Pure. Foreign text went through display_text.

#include <map>
#include <string>
#include <vector>

#include "model/alert.h"
#include "model/incident.h"
#include "store/store.h"

namespace tocsin::store {

// One line for each field that differs, and one when the replaceable note was changed.
std::vector<model::ActionRecord> lines_of(const model::Incident& before, const model::Incident& after,
                                          const IncidentChange& change, Timestamp now);

// The lines of a merge, a split or an opening, for both incidents concerned. `second` is unused for an
// opening.
std::vector<model::ActionRecord> lines_of(const Decision& decision, const IncidentId& first,
                                          const IncidentId& second, std::size_t alerts);

// Gathers the changes of one call to alerts of any number of incidents: one line for each incident.
class AlertChangeLines {
 public:
  // An alert of no incident is passed over.
  void add(const model::Alert& before, const model::Alert& after);
  std::vector<model::ActionRecord> lines(const std::string& actor, Timestamp now) const;

 private:
  struct Field {
    std::map<std::string, std::size_t> from;  // how many alerts had that value
    std::string to;
  };
  struct Touched {
    std::size_t alerts = 0;
    std::string first;  // id
    std::map<std::string_view, Field> fields;
  };
  std::map<IncidentId, Touched> incidents_;
};

}  // namespace tocsin::store
