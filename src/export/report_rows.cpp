#include "export/report_rows.h"

#include "model/attack.h"

namespace tocsin::exports {
namespace {

std::string words(std::string_view name) {
  std::string text(name);
  for (char& c : text) {
    if (c == '_') c = ' ';
  }
  return text;
}

std::string minute(Timestamp at) {
  auto text = to_rfc3339(at).substr(0, 19);
  text[10] = ' ';
  return text + " UTC";
}

// Rows of at most kReportRows items; says in `note` when there are more.
template <class Items, class Row>
Section table_section(std::string title, Table table, const Items& items, Row row) {
  Section section;
  section.title = std::move(title);
  for (const auto& item : items) {
    if (table.rows.size() == kReportRows) {
      section.note = "The first " + std::to_string(kReportRows) + " of " + std::to_string(items.size()) +
                     "; all of them are in the JSON export.";
      break;
    }
    table.rows.push_back(row(item));
  }
  section.table = std::move(table);
  return section;
}

Section list_section(std::string title, const std::vector<Sentence>& sentences) {
  Section section;
  section.title = std::move(title);
  for (const auto& sentence : sentences) section.items.push_back(sentence.text);
  return section;
}

Section timeline(const Case& incident) {
  return table_section("Timeline", {{"Time", "Kind", "What", "Detail", "Who or how severe"}, {}, {}},
                       incident.timeline, [](const TimelineLine& line) {
                         return std::vector<std::string>{minute(line.at), line.kind, line.title, line.detail,
                                                         line.kind == "alert" ? line.severity : line.actor};
                       });
}

Section attack(const Case& incident) {
  return table_section("MITRE ATT&CK", {{"Technique", "Name", "Tactics"}, {}, {}}, incident.attack.techniques,
                       [](const std::string& id) {
                         const auto* technique = model::find_technique(id);
                         std::string tactics;
                         if (technique != nullptr) {
                           for (const auto place : technique->tactic_places) {
                             tactics +=
                                 (tactics.empty() ? "" : ", ") + std::string(model::tactics()[place].name);
                           }
                         }
                         return std::vector<std::string>{
                             id, technique == nullptr ? "" : std::string(technique->name), tactics};
                       });
}

Section iocs(const Case& incident) {
  return table_section("Indicators of compromise", {{"Kind", "Value"}, {false, true}, {}}, incident.iocs,
                       [](const model::Ioc& ioc) {
                         return std::vector<std::string>{std::string(to_text(ioc.kind)), ioc.value};
                       });
}

Section entities(const Case& incident) {
  return table_section("Entities", {{"Kind", "Value", "Role", "Alerts"}, {false, true, false, false}, {}},
                       incident.entities, [](const NamedEntity& named) {
                         return std::vector<std::string>{
                             words(to_text(named.entity.kind)), named.entity.value,
                             std::string(to_text(named.entity.role)), std::to_string(named.alerts)};
                       });
}

Section alerts(const Case& incident) {
  auto section = table_section(
      "Alerts", {{"Time", "Severity", "Source", "Title", "Id"}, {false, false, false, false, true}, {}},
      incident.alerts, [](const model::Alert& alert) {
        return std::vector<std::string>{minute(alert.occurred_at), std::string(to_text(alert.severity)),
                                        alert.source, alert.title, alert.id.str()};
      });
  const auto all = static_cast<std::size_t>(incident.incident.alert_count);
  if (section.note.empty() && all > incident.alerts.size()) {
    section.note = "The first " + std::to_string(incident.alerts.size()) + " of " + std::to_string(all) + ".";
  }
  return section;
}

Section queries(const Case& incident) {
  Section section{"Investigation queries", {}, {}, {}, {}};
  for (const auto& query : incident.queries) {
    section.blocks.push_back({query.title, query.purpose, query.language, query.text});
  }
  return section;
}

Section checklist(const Case& incident) {
  return table_section("Checklist", {{"Step", "State", "How it is known", "Reason"}, {}, {}},
                       incident.checklist, [](const Check& check) {
                         return std::vector<std::string>{check.name, check.state,
                                                         check.automatic ? "evaluated" : "by a person",
                                                         check.reason};
                       });
}

Section notes(const Case& incident) {
  Section section{"Notes", {}, {}, {}, {}};
  for (const auto& note : incident.notes) {
    auto about = minute(note.created_at);
    if (!note.edited_by.empty()) {
      about += ", edited by " + note.edited_by + " " + minute(note.edited_at) + " (revision " +
               std::to_string(note.revision) + ")";
    }
    section.blocks.push_back({note.author, std::move(about), "", note.text});
  }
  return section;
}

Section actions(const Case& incident) {
  return table_section("Action log", {{"Time", "Who", "What", "Target", "Detail"}, {}, {}}, incident.actions,
                       [](const model::ActionRecord& action) {
                         return std::vector<std::string>{
                             minute(action.created_at), action.actor,
                             words(action.action) + (action.simulated ? " (simulated)" : ""), action.target,
                             action.detail};
                       });
}

bool is_empty(const Section& section) {
  return section.items.empty() && section.blocks.empty() && (!section.table || section.table->rows.empty());
}

}  // namespace

Table overview_of(const Case& incident) {
  const auto& about = incident.incident;
  const auto count = std::to_string(about.alert_count);
  return {{"Field", "Value"},
          {},
          {{"Incident", about.id.str()},
           {"Severity", std::string(to_text(about.severity))},
           {"Priority", std::to_string(about.priority) + " of 100"},
           {"Status", words(to_text(about.status))},
           {"Verdict", words(to_text(about.verdict))},
           {"Assignee", about.assignee.value_or("nobody")},
           {"First seen", minute(about.first_seen)},
           {"Last seen", minute(about.last_seen)},
           {"Alerts", count}}};
}

std::vector<Section> sections_of(const Case& incident) {
  std::vector<Section> sections{list_section("Summary", incident.summary),
                                list_section("Why these alerts belong together", incident.why),
                                timeline(incident),
                                attack(incident),
                                iocs(incident),
                                entities(incident),
                                alerts(incident),
                                queries(incident),
                                checklist(incident),
                                notes(incident),
                                actions(incident)};
  std::erase_if(sections, is_empty);
  return sections;
}

std::string footer_of(const Case& incident) {
  return "TLP:" + std::string(to_text(marking(incident))) + ". Exported " + minute(incident.exported_at) +
         " by Tocsin " + incident.product_version + ".";
}

}  // namespace tocsin::exports
