#include "ingest/fields.h"

#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

constexpr std::size_t kMaxNameBytes = 256;

void collect(const Node& object, const std::string& prefix, int depth, Fields& to) {
  object.members([&](std::string_view key, const Node& value) {
    if (key.size() + prefix.size() > kMaxNameBytes) return;
    if (value.is_object()) {
      if (depth > 1) collect(value, prefix + std::string(key) + '.', depth - 1, to);
      return;
    }
    if (prefix.empty() && value.is_string()) return to.add(key, value.text());
    to.add_own(prefix + std::string(key), value.scalar());
  });
}

// Takes a quoted value off `rest`, which begins behind the opening quote.
std::string_view take_quoted(std::string_view& rest, bool& escaped) {
  std::size_t end = 0;
  while (end < rest.size() && rest[end] != '"') {
    escaped |= rest[end] == '\\';
    end += rest[end] == '\\' ? 2 : 1;
  }
  end = std::min(end, rest.size());
  const auto value = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return value;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool escape =
        text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == '"' || text[at + 1] == '\\');
    if (escape) ++at;
    out += text[at];
  }
  return out;
}

// The part of the text before '=' that is a name: what follows its last blank, or a syslog priority.
std::string_view name_before(std::string_view text) {
  const auto blank = text.find_last_of(" \t,;>");
  return blank == std::string_view::npos ? text : text.substr(blank + 1);
}

}  // namespace

void Fields::add(std::string_view name, std::string_view value) {
  if (entries_.size() < kMaxFields) entries_.emplace_back(name, value);
}

void Fields::add_own(std::string_view name, std::string value) {
  if (entries_.size() >= kMaxFields) return;
  const auto& kept_value = own_.emplace_back(std::move(value));
  const auto& kept_name = own_.emplace_back(name);
  entries_.emplace_back(kept_name, kept_value);
}

std::string_view Fields::operator[](std::string_view name) const {
  for (const auto& [known, value] : entries_) {
    if (known.size() != name.size() || known != name) continue;
    const auto text = trim(value);
    return is_blank_value(text) ? std::string_view() : text;
  }
  return {};
}

std::string_view Fields::any(std::initializer_list<std::string_view> names) const {
  for (const auto name : names) {
    const auto value = (*this)[name];
    if (!value.empty()) return value;
  }
  return {};
}

Fields fields_of(const Node& object, int depth) {
  Fields fields;
  collect(object, {}, depth, fields);
  return fields;
}

Fields read_key_values(std::string_view line) {
  Fields fields;
  while (!line.empty() && fields.all().size() < kMaxFields) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) break;
    const auto name = name_before(line.substr(0, equals));
    line.remove_prefix(equals + 1);
    if (!line.starts_with('"')) {
      const auto end = std::min(line.find_first_of(" \t"), line.size());
      if (!name.empty()) fields.add(name, line.substr(0, end));
      line.remove_prefix(end);
      continue;
    }
    line.remove_prefix(1);
    bool escaped = false;
    const auto value = take_quoted(line, escaped);
    if (name.empty()) continue;
    escaped ? fields.add_own(name, unescaped(value)) : fields.add(name, value);
  }
  return fields;
}

bool CsvRow::next(std::string_view& column, std::string& store) {
  if (done_) return false;
  if (!rest_.starts_with('"')) {
    const auto comma = rest_.find(',');
    column = rest_.substr(0, comma);
    done_ = comma == std::string_view::npos;
    rest_.remove_prefix(done_ ? rest_.size() : comma + 1);
    return true;
  }
  std::size_t at = 1;
  bool doubled = false;
  for (; at < rest_.size(); ++at) {
    if (rest_[at] != '"') continue;
    if (at + 1 >= rest_.size() || rest_[at + 1] != '"') break;
    doubled = true;
    ++at;
  }
  at = std::min(at, rest_.size());
  column = rest_.substr(1, at - 1);
  if (doubled) {
    store.clear();
    for (std::size_t i = 0; i < column.size(); ++i) {
      store += column[i];
      if (column[i] == '"') ++i;
    }
    column = store;
  }
  const auto comma = rest_.find(',', at);
  done_ = comma == std::string_view::npos;
  rest_.remove_prefix(done_ ? rest_.size() : comma + 1);
  return true;
}

void add_entity(const FieldMeaning& meaning, std::string_view value, AlertDraft& draft) {
  if (value.empty()) return;
  if (meaning.observed) {
    draft.observed(meaning.kind, value, meaning.role);
  } else {
    draft.entity(meaning.kind, value, meaning.role);
  }
}

void add_entities(const Fields& fields, std::span<const FieldMeaning> meanings, AlertDraft& draft) {
  for (const auto& meaning : meanings) add_entity(meaning, fields[meaning.name], draft);
}

}  // namespace tocsin::ingest
