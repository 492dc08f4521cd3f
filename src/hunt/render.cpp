#include "hunt/render.h"

#include <array>
#include <cstdio>

#include "base/ascii.h"
#include "base/hash.h"
#include "escape/literals.h"

namespace tocsin::hunt {
namespace {

using std::chrono::hours;

struct Span {
  Timestamp from{}, until{};
};

Span span_of(Window window, const Case& incident) {
  switch (window) {
    case Window::kBefore:
      return {incident.first_seen - hours(24), incident.first_seen};
    case Window::kAfter:
      return {incident.last_seen, incident.last_seen + hours(24)};
    case Window::kWide:
      return {incident.first_seen - hours(7 * 24), incident.last_seen + hours(24)};
    case Window::kAround:
      break;
  }
  return {incident.first_seen - hours(1), incident.last_seen + hours(1)};
}

// CloudTrail's eventtime is text with whole seconds.
std::string whole_seconds(Timestamp at) {
  return to_rfc3339(at).substr(0, 19) + "Z";
}

std::string time_text(Timestamp at, Language language) {
  switch (language) {
    case Language::kSpl:
      return std::to_string(to_unix_nanos(at) / 1'000'000'000);
    case Language::kEsql:
      return "\"" + to_rfc3339(at) + "\"";
    case Language::kSql:
      return "'" + whole_seconds(at) + "'";
    case Language::kKql:
    case Language::kSigma:
      break;
  }
  return to_rfc3339(at);
}

std::string uuid_of(std::string_view incident, std::string_view id) {
  const auto high = hash64(std::string(incident) + "\n" + std::string(id));
  const auto low = hash64(std::string(id) + "\n" + std::string(incident));
  std::array<char, 40> text{};
  // Version 8 of RFC 9562: the bits are ours.
  std::snprintf(text.data(), text.size(), "%08x-%04x-8%03x-%04x-%012llx", static_cast<unsigned>(high >> 32U),
                static_cast<unsigned>(high >> 16U) & 0xFFFFU, static_cast<unsigned>(high) & 0xFFFU,
                (static_cast<unsigned>(low >> 48U) & 0x3FFFU) | 0x8000U,
                static_cast<unsigned long long>(low & 0xFFFF'FFFF'FFFFULL));
  return text.data();
}

struct Marker {
  std::string_view list;
  bool lower_case = false;
  bool wildcards = false;
};

Marker marker_of(std::string_view inside) {
  Marker marker{inside};
  if (inside.starts_with('~')) {
    marker.lower_case = true;
    marker.list.remove_prefix(1);
  } else if (inside.starts_with('*') && inside.ends_with('*') && inside.size() > 2) {
    marker.wildcards = true;
    marker.list = inside.substr(1, inside.size() - 2);
  }
  return marker;
}

class Writer {
 public:
  Writer(Language language, const Case& incident, const ValueLists& lists, Query& query)
      : language_(language), incident_(incident), lists_(lists), query_(query) {}

  // False when a list has nothing to say.
  bool write(const Template& source) {
    auto text = source.text;
    while (!text.empty()) {
      const auto open = text.find('{');
      query_.text += text.substr(0, open);
      if (open == std::string_view::npos) break;
      const auto close = text.find('}', open);
      if (!put(text.substr(open + 1, close - open - 1), source)) return false;
      text.remove_prefix(close + 1);
    }
    if (widened_)
      query_.notes.emplace_back(
          "A value holds characters that a Splunk search cannot take literally (*, ` or invisible ones); "
          "there a wildcard stands.");
    return true;
  }

 private:
  bool put(std::string_view inside, const Template& source) {
    if (inside == "from") {
      query_.text += time_text(query_.from, language_);
    } else if (inside == "until") {
      query_.text += time_text(query_.until, language_);
    } else if (inside == "date") {
      query_.text += to_rfc3339(incident_.first_seen).substr(0, 10);
    } else if (inside == "uuid") {
      query_.text += uuid_of(incident_.id, source.id);
    } else {
      return put_list(marker_of(inside));
    }
    return true;
  }

  bool put_list(const Marker& marker) {
    const auto list = lists_.find(marker.list);
    if (list == lists_.end()) return false;
    std::size_t unsayable = 0;
    std::string joined;
    for (const auto& value : list->second.values) {
      const auto one = literal(marker.lower_case ? to_lower(value) : value, marker.wildcards);
      if (one) joined += (joined.empty() ? "" : ", ") + *one;
      if (!one) ++unsayable;
    }
    query_.text += joined;
    if (!joined.empty()) note(marker.list, unsayable, list->second.left_out);
    return !joined.empty();
  }

  std::optional<std::string> literal(const std::string& value, bool wildcards) {
    switch (language_) {
      case Language::kKql:
        return escape::kql_literal(value);
      case Language::kEsql:
        return escape::esql_literal(value);
      case Language::kSql:
        return escape::sql_literal(value);
      case Language::kSigma:
        return escape::sigma_literal(value);
      case Language::kSpl:
        break;
    }
    auto spl = escape::spl_literal(value);
    widened_ = widened_ || spl.widened;
    if (!wildcards) return std::move(spl.text);
    return "\"*" + spl.text.substr(1, spl.text.size() - 2) + "*\"";
  }

  void note(std::string_view list, std::size_t unsayable, std::size_t left_out) {
    if (unsayable > 0)
      query_.notes.push_back(std::to_string(unsayable) + " of the " + std::string(list) +
                             " hold characters that this language cannot write; they are left out.");
    if (left_out > 0)
      query_.notes.push_back(std::to_string(left_out) + " more " + std::string(list) +
                             " are left out (at most 20, of at most 512 bytes).");
  }

  Language language_;
  const Case& incident_;
  const ValueLists& lists_;
  Query& query_;
  bool widened_ = false;
};

}  // namespace

Language language_of(Platform platform) {
  constexpr std::array<Language, 6> kLanguages{Language::kKql,  Language::kKql, Language::kSpl,
                                               Language::kEsql, Language::kSql, Language::kSigma};
  return kLanguages[static_cast<std::size_t>(platform)];
}

std::optional<Query> render(const Template& source, Platform platform, const Case& incident,
                            const ValueLists& lists) {
  Query query;
  query.id = source.id;
  query.platform = platform;
  query.language = language_of(platform);
  query.title = source.title;
  query.purpose = source.purpose;
  const auto span = span_of(source.window, incident);
  query.from = span.from;
  query.until = span.until;
  if (!Writer(query.language, incident, lists, query).write(source)) return std::nullopt;
  return query;
}

}  // namespace tocsin::hunt
