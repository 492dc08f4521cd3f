#include "copilot/question.h"

#include "base/display_text.h"
#include "copilot/words.h"

namespace tocsin::copilot {
namespace {

using model::EntityKind;

constexpr const char* kOp = "build queries";

// Words that carry no meaning for a query.
constexpr std::string_view kFillers =
    " a about all also am an and any anything are as at be been by can check could did do does doing done "
    "during each entry "
    "entries event events every everything find for from get give go had happen happened happening has have "
    "he her his i "
    "if in into is it its like list log logs look looking many me my name named need no now of off on or our "
    "over please "
    "query record records recent recently search see seen she show so some somebody someone suspicious tell "
    "than that the "
    "their them then there they thing things to try up us use used using want was we were what when where "
    "which who whose "
    "why will with within would you your activity active unusual strange odd malicious attempt attempts "
    "attempted around "
    "between against its only just country place location source destination hosts users ips domains hashes "
    "accounts "
    "devices machines computers servers addresses address "
    "anyone anybody everyone command commands queries created made used ";

constexpr std::string_view kThisWords = " this that it same related context alert incident case ";

bool contains_word(std::string_view list, std::string_view word) {
  return !word.empty() && word.find(' ') == std::string_view::npos &&
         list.find(" " + std::string(word) + " ") != std::string_view::npos;
}

struct Naming {
  std::string_view word;
  EntityKind kind;
  bool sure;  // false: only a hint ("on web-01"), which vocabulary and fillers outweigh
};
constexpr std::array<Naming, 25> kNamings{
    {{"user", EntityKind::kUser, true},        {"username", EntityKind::kUser, true},
     {"account", EntityKind::kUser, true},     {"person", EntityKind::kUser, true},
     {"host", EntityKind::kHost, true},        {"hostname", EntityKind::kHost, true},
     {"device", EntityKind::kHost, true},      {"machine", EntityKind::kHost, true},
     {"computer", EntityKind::kHost, true},    {"server", EntityKind::kHost, true},
     {"workstation", EntityKind::kHost, true}, {"laptop", EntityKind::kHost, true},
     {"endpoint", EntityKind::kHost, true},    {"ip", EntityKind::kIp, true},
     {"domain", EntityKind::kDomain, true},    {"url", EntityKind::kUrl, true},
     {"hash", EntityKind::kHash, true},        {"file", EntityKind::kFile, true},
     {"process", EntityKind::kProcess, true},  {"binary", EntityKind::kProcess, true},
     {"email", EntityKind::kEmail, true},      {"by", EntityKind::kUser, false},
     {"for", EntityKind::kUser, false},        {"on", EntityKind::kHost, false},
     {"from", EntityKind::kHost, false}}};

void add_condition(Ask& ask, EntityKind kind, std::string_view value) {
  const bool known = std::any_of(ask.conditions.begin(), ask.conditions.end(), [&](const Condition& one) {
    return one.kind == kind && one.value == value;
  });
  if (known || value.empty() || ask.conditions.size() >= kMaxConditions) return;
  ask.conditions.push_back({kind, std::string(value.substr(0, 256))});
}

void take_shapes(std::vector<Word>& words, Ask& ask) {
  for (auto& word : words) {
    if (word.used) continue;
    const auto kind = kind_by_shape(word);
    if (!kind) continue;
    add_condition(ask, *kind, word.text);
    word.used = true;
  }
}

bool is_naming(const Word& word) {
  return std::any_of(kNamings.begin(), kNamings.end(),
                     [&](const Naming& one) { return one.word == word.lower; });
}

// What may follow "user" or "on" as a name: a quoted word, or one that is neither vocabulary nor filler.
// After a mere hint a host must look like one (web-01, ws042): "from Russia" and "on Monday" name none.
bool can_be_name(const Word& word, const Naming& naming) {
  if (word.used) return false;
  if (word.quoted) return true;
  if (is_naming(word) || contains_word(kFillers, word.lower) || contains_word(kThisWords, word.lower))
    return false;
  const bool host_hint = !naming.sure && naming.kind == EntityKind::kHost;
  return !host_hint || word.lower.find_first_of("0123456789-_") != std::string::npos;
}

void take_names(std::vector<Word>& words, Ask& ask, bool sure) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i].quoted) continue;
    for (const auto& naming : kNamings) {
      if (naming.sure != sure || words[i].lower != naming.word) continue;
      auto next = i + 1;
      if (sure && (words[next].lower == "named" || words[next].lower == "called") && next + 1 < words.size())
        ++next;
      if (!can_be_name(words[next], naming)) continue;
      const auto shape = kind_by_shape(words[next]);
      const bool plain = shape == EntityKind::kIp || shape == EntityKind::kHash;  // whatever it was called
      add_condition(ask, plain ? *shape : naming.kind, words[next].text);
      for (auto at = i; at <= next; ++at) words[at].used = true;
    }
  }
}

// "event id 4625" and the like.
void take_event_ids(std::vector<Word>& words, Ask& ask) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto count = std::max({phrase_at(words, i, "event id"), phrase_at(words, i, "eventid"),
                                 phrase_at(words, i, "event code"), phrase_at(words, i, "eventcode")});
    if (count == 0 || i + count >= words.size()) continue;
    const auto& number = words[i + count].lower;
    if (number.size() > 5 || number.find_first_not_of("0123456789") != std::string::npos) continue;
    ask.event_ids.push_back(std::stoi(number));
    for (std::size_t at = i; at <= i + count; ++at) words[at].used = true;
  }
}

bool take_any(std::vector<Word>& words, std::initializer_list<std::string_view> phrases) {
  bool found = false;
  for (const auto phrase : phrases) found = take_phrase(words, phrase) || found;
  return found;
}

std::optional<int> small_number(const Word& word) {
  const bool digits = !word.lower.empty() && word.lower.size() <= 5 &&
                      word.lower.find_first_not_of("0123456789") == std::string::npos;
  return digits ? std::optional(std::stoi(word.lower)) : std::nullopt;
}

// "port 4444"
void take_ports(std::vector<Word>& words, Ask& ask) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const auto number = words[i].lower == "port" ? small_number(words[i + 1]) : std::nullopt;
    if (!number || ask.ports.size() >= kMaxConditions) continue;
    ask.ports.push_back(*number);
    words[i].used = words[i + 1].used = true;
  }
}

// "spawned by winword.exe"
void take_parents(std::vector<Word>& words, Ask& ask) {
  for (std::size_t i = 0; i + 2 < words.size(); ++i) {
    const auto count = std::max({phrase_at(words, i, "spawned by"), phrase_at(words, i, "started by"),
                                 phrase_at(words, i, "launched by"), phrase_at(words, i, "child of")});
    if (count != 2 || kind_by_shape(words[i + 2]) != EntityKind::kFile ||
        ask.parents.size() >= kMaxConditions)
      continue;
    ask.parents.push_back(words[i + 2].text.substr(0, 256));
    for (auto at = i; at <= i + 2; ++at) words[at].used = true;
  }
}

// "more than 10 failed logins"
void take_threshold(std::vector<Word>& words, Ask& ask) {
  for (std::size_t i = 0; i + 2 < words.size(); ++i) {
    const auto number = phrase_at(words, i, "more than") == 2 ? small_number(words[i + 2]) : std::nullopt;
    if (!number) continue;
    ask.count = true;
    ask.more_than = *number;
    for (auto at = i; at <= i + 2; ++at) words[at].used = true;
  }
}

void take_modifiers(std::vector<Word>& words, Ask& ask) {
  const bool failed = take_any(
      words, {"fail*", "unsuccessful*", "denied", "blocked", "rejected", "refused", "wrong password*"});
  const bool succeeded = take_any(words, {"successful*", "succeeded", "success", "allowed", "accepted"});
  if (failed != succeeded) ask.outcome = failed ? Outcome::kFailed : Outcome::kSucceeded;
  ask.encoded = take_any(words, {"encoded*", "base64", "obfuscated"});
  take_threshold(words, ask);
  const bool counted = take_any(words, {"how many", "how often", "count*", "number of", "top", "most",
                                        "per user", "per host", "statistics"});
  ask.count = ask.count || counted;
}

void take_tables(std::vector<Word>& words, Ask& ask) {
  ask.powershell = take_any(words, {"powershell*", "pwsh"});
  for (const auto& table : tables()) {
    bool spoken = ask.powershell && table.name == "DeviceProcessEvents";
    for (const auto phrase : table.phrases) {
      for (std::size_t at = 0; at < words.size(); ++at) {
        const auto count = phrase_at(words, at, phrase);
        const bool fresh = count > 0 && !words[at].used;
        for (std::size_t i = at; fresh && i < at + count; ++i) words[i].used = true;
        spoken = spoken || fresh;
      }
    }
    const bool by_id = (!ask.event_ids.empty() && table.name == "SecurityEvent") ||
                       (!ask.ports.empty() && table.name == "CommonSecurityLog") ||
                       (!ask.parents.empty() && table.name == "DeviceProcessEvents");
    if (spoken || by_id) ask.tables.push_back(&table);
  }
}

// Sign-ins on a host are Windows logons: Entra's table hardly names hosts.
void prefer_windows_logons(Ask& ask) {
  const bool host = std::any_of(ask.conditions.begin(), ask.conditions.end(),
                                [](const Condition& one) { return one.kind == EntityKind::kHost; });
  if (!host) return;
  for (auto& table : ask.tables) {
    if (table->name == "SigninLogs") table = &get_table("SecurityEvent");
  }
  std::vector<const Table*> once;
  for (const auto* table : ask.tables) {
    if (std::find(once.begin(), once.end(), table) == once.end()) once.push_back(table);
  }
  ask.tables = once;
  const bool logons = ask.event_ids.empty() && ask.outcome == Outcome::kAny && once.size() == 1 &&
                      once[0]->name == "SecurityEvent";
  if (logons) ask.event_ids = {4624, 4625};
}

// Entities alone: every table that can name one of them.
void tables_by_entity(Ask& ask) {
  for (const auto& table : tables()) {
    const bool names = std::all_of(ask.conditions.begin(), ask.conditions.end(), [&](const Condition& one) {
      return find_field(table, one.kind) != nullptr;
    });
    if (names) ask.tables.push_back(&table);
  }
  if (!ask.tables.empty()) return;
  for (const auto& table : tables()) {
    const bool names = std::any_of(ask.conditions.begin(), ask.conditions.end(), [&](const Condition& one) {
      return find_field(table, one.kind) != nullptr;
    });
    if (names) ask.tables.push_back(&table);
  }
  ask.match_any = true;
}

bool is_searchable(EntityKind kind) {
  return std::any_of(tables().begin(), tables().end(),
                     [kind](const Table& table) { return find_field(table, kind) != nullptr; });
}

void take_context(const model::Alert& alert, Ask& ask) {
  for (const auto& entity : alert.entities) {
    const auto kind = entity.kind == EntityKind::kAccount ? EntityKind::kUser : entity.kind;
    if (is_searchable(kind)) add_condition(ask, kind, entity.value);
  }
  ask.match_any = true;
}

std::vector<std::string> left_over(const std::vector<Word>& words) {
  std::vector<std::string> left;
  for (const auto& word : words) {
    const bool known =
        word.used || contains_word(kFillers, word.lower) || contains_word(kThisWords, word.lower);
    const bool naming = is_naming(word);
    if (!known && !(naming && !word.quoted) && left.size() < 20) left.push_back(display_text(word.text, 40));
  }
  return left;
}

Error not_actionable(const std::vector<std::string>& left) {
  std::string words;
  for (const auto& word : left) words += (words.empty() ? "" : ", ") + word;
  return error(
      ErrorKind::kInvalidInput, kOp,
      words.empty() ? "the question names no event kind and no entity" : "not understood: " + words,
      "name an event kind (sign-ins, failed logins, directory changes, Windows events, alerts, network "
      "connections, dns, processes, powershell, files) or an entity (a user, host, address, domain, hash or "
      "file), and a time such as \"last 24 hours\"",
      "/question");
}

bool speaks_of_context(const std::vector<Word>& words) {
  return std::any_of(words.begin(), words.end(),
                     [](const Word& word) { return !word.quoted && contains_word(kThisWords, word.lower); });
}

// A condition a table cannot express would silently widen the query; such tables go when others remain.
void drop_tables_that_cannot_filter(Ask& ask) {
  if (ask.match_any || ask.conditions.empty()) return;
  std::vector<const Table*> able;
  for (const auto* table : ask.tables) {
    const bool all = std::all_of(ask.conditions.begin(), ask.conditions.end(), [&](const Condition& one) {
      return find_field(*table, one.kind) != nullptr;
    });
    if (all) able.push_back(table);
  }
  if (!able.empty()) ask.tables = able;
}

}  // namespace

Result<Ask> understand(std::string_view question, const model::Alert* context) {
  if (question.size() > kMaxQuestion) {
    return error(ErrorKind::kInvalidInput, kOp, "the question is longer than 2,000 bytes",
                 "ask in one sentence", "/question");
  }
  Ask ask;
  auto words = split_words(question);
  const bool about_context = context != nullptr && speaks_of_context(words);
  if (const auto time = take_time(words)) ask.time = *time;
  take_event_ids(words, ask);
  take_ports(words, ask);
  take_parents(words, ask);
  take_names(words, ask, true);  // before the shapes: "user report.exe" is a user
  take_shapes(words, ask);
  take_modifiers(words, ask);
  take_tables(words, ask);
  take_names(words, ask, false);
  ask.not_understood = left_over(words);
  const bool from_context =
      context != nullptr && ask.conditions.empty() && (about_context || !ask.tables.empty());
  if (from_context) take_context(*context, ask);
  if (ask.tables.empty() && ask.conditions.empty()) return not_actionable(ask.not_understood);
  prefer_windows_logons(ask);
  drop_tables_that_cannot_filter(ask);
  if (ask.tables.empty()) tables_by_entity(ask);
  if (ask.tables.empty()) return not_actionable(ask.not_understood);
  return ask;
}

}  // namespace tocsin::copilot
