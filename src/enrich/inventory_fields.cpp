#include "enrich/inventory_fields.h"

#include <algorithm>
#include <set>

#include "base/ascii.h"
#include "base/utf8.h"
#include "enrich/csv.h"
#include "model/network.h"

namespace tocsin::enrich {
namespace {

using store::Asset;
using store::User;

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto from = text.find_first_not_of(kBlank);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(kBlank) - from + 1);
}

// "IP Address" and "ip-address" are ip_address.
std::string plain_name(std::string_view name) {
  std::string out(trim(name));
  for (auto& c : out) {
    c = c == ' ' || c == '-' || c == '.' ? '_' : lower(c);
  }
  return out;
}

// Empty, or what is wrong.
std::string fault_of(std::string_view value) {
  if (value.size() > kMaxText) return "has more than " + std::to_string(kMaxText) + " bytes";
  if (find_invalid_utf8(value) != value.size()) return "is not UTF-8";
  const bool control =
      std::any_of(value.begin(), value.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  return control ? "has a control character" : "";
}

std::string set_text(std::string& field, std::string_view value) {
  if (auto fault = fault_of(value); !fault.empty()) return fault;
  if (field.empty()) field = value;
  return {};
}

std::string add_items(std::vector<std::string>& field, std::string_view value) {
  while (!value.empty()) {
    const auto end = std::min(value.find_first_of(",;|\n"), value.size());
    const auto item = trim(value.substr(0, end));
    value.remove_prefix(std::min(end + 1, value.size()));
    if (item.empty()) continue;
    if (auto fault = fault_of(item); !fault.empty()) return fault;
    if (field.size() == kMaxListItems) return "has more than " + std::to_string(kMaxListItems) + " items";
    field.emplace_back(item);
  }
  return {};
}

std::string add_addresses(std::vector<std::string>& field, std::string_view value) {
  std::vector<std::string> items;
  if (auto fault = add_items(items, value); !fault.empty()) return fault;
  for (const auto& item : items) {
    const auto network = model::parse_network(item);
    if (!network) return "\"" + item + "\" is neither an address nor a block such as 10.0.0.0/8";
    if (field.size() == kMaxListItems) return "has more than " + std::to_string(kMaxListItems) + " items";
    auto text = model::to_string(*network);
    if (item.find('/') == std::string::npos) text.resize(text.find('/'));
    field.push_back(std::move(text));
  }
  return {};
}

struct TierWord {
  std::string_view word;
  model::AssetTier tier;
};
constexpr TierWord kTierWords[] = {
    {"normal", model::AssetTier::kNormal},       {"low", model::AssetTier::kNormal},
    {"medium", model::AssetTier::kNormal},       {"tier_2", model::AssetTier::kNormal},
    {"important", model::AssetTier::kImportant}, {"high", model::AssetTier::kImportant},
    {"tier_1", model::AssetTier::kImportant},    {"crown_jewel", model::AssetTier::kCrownJewel},
    {"critical", model::AssetTier::kCrownJewel}, {"tier_0", model::AssetTier::kCrownJewel},
};

std::string set_tier(std::optional<model::AssetTier>& field, std::string_view value) {
  const auto word = plain_name(value);
  for (const auto& known : kTierWords) {
    if (known.word != word) continue;
    field = known.tier;
    return {};
  }
  return "is no tier; known: normal, important, crown_jewel (also low, medium, high, critical, tier 0 to 2)";
}

std::string set_flag(std::optional<bool>& field, std::string_view value) {
  constexpr std::string_view kYes[] = {"true", "yes", "y", "1"};
  constexpr std::string_view kNo[] = {"false", "no", "n", "0"};
  const auto word = plain_name(value);
  if (std::find(std::begin(kYes), std::end(kYes), word) != std::end(kYes)) {
    field = true;
  } else if (std::find(std::begin(kNo), std::end(kNo), word) != std::end(kNo)) {
    field = false;
  } else {
    return "is neither true nor false";
  }
  return {};
}

template <class Row>
struct FieldRule {
  std::string_view name;
  std::string_view also;  // other names of the column, each between bars
  std::string (*set)(Row&, std::string_view);
};

const FieldRule<Asset> kAssetFields[] = {
    {"name", "|asset|asset_name|hostname|host|computer|device|",
     [](Asset& a, std::string_view v) { return set_text(a.name, v); }},
    {"hosts", "|fqdn|hostnames|host_names|dns|dns_name|aliases|",
     [](Asset& a, std::string_view v) { return add_items(a.hosts, v); }},
    {"addresses", "|address|ip|ips|ip_address|ip_addresses|cidr|network|subnet|",
     [](Asset& a, std::string_view v) { return add_addresses(a.addresses, v); }},
    {"tier", "|asset_tier|criticality|importance|",
     [](Asset& a, std::string_view v) { return set_tier(a.tier, v); }},
    {"owner", "|asset_owner|", [](Asset& a, std::string_view v) { return set_text(a.owner, v); }},
    {"department", "|dept|business_unit|",
     [](Asset& a, std::string_view v) { return set_text(a.department, v); }},
    {"zone", "|network_zone|", [](Asset& a, std::string_view v) { return set_text(a.zone, v); }},
    {"tags", "|tag|labels|", [](Asset& a, std::string_view v) { return add_items(a.tags, v); }},
};

const FieldRule<User> kUserFields[] = {
    {"name", "|user|username|user_name|samaccountname|account|login|",
     [](User& u, std::string_view v) { return set_text(u.name, v); }},
    {"email", "|mail|e_mail|email_address|",
     [](User& u, std::string_view v) { return set_text(u.email, v); }},
    {"aliases", "|alias|upn|userprincipalname|user_principal_name|accounts|",
     [](User& u, std::string_view v) { return add_items(u.aliases, v); }},
    {"department", "|dept|", [](User& u, std::string_view v) { return set_text(u.department, v); }},
    {"title", "|job_title|", [](User& u, std::string_view v) { return set_text(u.title, v); }},
    {"manager", "", [](User& u, std::string_view v) { return set_text(u.manager, v); }},
    {"privileged", "|is_privileged|admin|is_admin|",
     [](User& u, std::string_view v) { return set_flag(u.privileged, v); }},
    {"tier", "|criticality|user_tier|importance|",
     [](User& u, std::string_view v) { return set_tier(u.tier, v); }},
};

template <class Row, std::size_t N>
const FieldRule<Row>* rule_of(const FieldRule<Row> (&rules)[N], std::string_view column) {
  const auto name = plain_name(column);
  const auto found = std::find_if(std::begin(rules), std::end(rules), [&](const FieldRule<Row>& rule) {
    return rule.name == name || rule.also.find("|" + name + "|") != std::string_view::npos;
  });
  return found == std::end(rules) || name.empty() ? nullptr : found;
}

void name_itself(Asset& asset) {
  if (!asset.name.empty()) return;
  if (!asset.hosts.empty())
    asset.name = asset.hosts.front();
  else if (!asset.addresses.empty())
    asset.name = asset.addresses.front();
}
void name_itself(User& user) {
  if (!user.name.empty()) return;
  if (!user.email.empty())
    user.name = user.email;
  else if (!user.aliases.empty())
    user.name = user.aliases.front();
}

template <class Row, std::size_t N>
std::vector<FieldFault> read_with(const FieldRule<Row> (&rules)[N], std::span<const NamedText> texts,
                                  Row& row) {
  std::vector<FieldFault> faults;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto value = trim(texts[i].value);
    const auto* rule = rule_of(rules, texts[i].name);
    if (rule == nullptr || value.empty()) continue;
    if (auto reason = rule->set(row, value); !reason.empty()) faults.push_back({i, std::move(reason)});
  }
  name_itself(row);
  if (row.name.empty() && faults.empty()) faults.push_back({texts.size(), "the row names nothing"});
  return faults;
}

template <class Row>
class TableReader {
 public:
  using FieldOf = std::string_view (*)(std::string_view);
  explicit TableReader(FieldOf field_of) : field_of_(field_of) {}

  bool take(CsvRow& row) {
    if (header_.empty()) {
      read_header(row);
    } else if (table_.rows.size() == store::kMaxInventoryRows) {
      over_ = true;
    } else {
      read_line(row);
    }
    return !over_;
  }

  Result<Table<Row>> finish() && {
    if (over_) return refusal("it has more than " + std::to_string(store::kMaxInventoryRows) + " rows", "");
    if (!can_name_)
      return refusal("its first line names no column that could tell rows apart",
                     "begin with a line such as name,hosts,addresses,tier,owner (assets) or "
                     "name,email,aliases,department,privileged (users)");
    return std::move(table_);
  }

 private:
  // Several columns may add to a list; of those that mean one value the first counts.
  static bool is_list(std::string_view field) {
    constexpr std::string_view kLists[] = {"hosts", "addresses", "aliases", "tags"};
    return std::find(std::begin(kLists), std::end(kLists), field) != std::end(kLists);
  }

  static Error refusal(std::string what, std::string hint) {
    return error(ErrorKind::kInvalidInput, "read CSV", std::move(what), std::move(hint), "line 1");
  }

  void read_header(CsvRow& row) {
    constexpr std::string_view kNaming[] = {"name", "hosts", "addresses", "email", "aliases"};
    header_ = std::move(row.cells);
    std::set<std::string_view> known;
    for (auto& column : header_) {
      const auto field = field_of_(column);
      const bool is_again = !field.empty() && !is_list(field) && !known.insert(field).second;
      if ((field.empty() || is_again) && !trim(column).empty())
        table_.left_out.push_back(column.substr(0, kMaxText));
      if (is_again) column.clear();
      can_name_ = can_name_ || std::find(std::begin(kNaming), std::end(kNaming), field) != std::end(kNaming);
    }
  }

  void read_line(CsvRow& row) {
    if (row.cells.size() > header_.size() && row.fault.empty()) {
      row.fault = "the row has more cells than the first line";
      row.fault_column = header_.size() + 1;
    }
    if (!row.fault.empty()) return reject(row.line, row.fault_column, row.fault);
    std::vector<NamedText> texts;
    for (std::size_t i = 0; i < row.cells.size(); ++i) texts.push_back({header_[i], row.cells[i]});
    Row made;
    const auto faults = read_row(texts, made);
    if (faults.empty()) {
      table_.rows.push_back(std::move(made));
      return;
    }
    const auto& first = faults.front();
    reject(row.line, first.index < texts.size() ? first.index + 1 : 0, first.reason);
  }

  void reject(std::size_t line, std::size_t column, std::string reason) {
    ++table_.rejected;
    if (table_.faults.size() == kMaxFaults) return;
    const bool named = column > 0 && column <= header_.size();
    table_.faults.push_back({line, column, named ? header_[column - 1] : std::string(), std::move(reason)});
  }

  FieldOf field_of_;
  Table<Row> table_;
  std::vector<std::string> header_;
  bool can_name_ = false;
  bool over_ = false;
};

template <class Row>
Result<Table<Row>> read_table(std::string_view csv, std::string_view (*field_of)(std::string_view)) {
  TableReader<Row> reader(field_of);
  TOCSIN_CHECK(read_csv(csv, [&](CsvRow& row) { return reader.take(row); }));
  return std::move(reader).finish();
}

}  // namespace

std::vector<FieldFault> read_row(std::span<const NamedText> texts, Asset& asset) {
  return read_with(kAssetFields, texts, asset);
}
std::vector<FieldFault> read_row(std::span<const NamedText> texts, User& user) {
  return read_with(kUserFields, texts, user);
}

std::string_view asset_field(std::string_view column) {
  const auto* rule = rule_of(kAssetFields, column);
  return rule == nullptr ? std::string_view() : rule->name;
}
std::string_view user_field(std::string_view column) {
  const auto* rule = rule_of(kUserFields, column);
  return rule == nullptr ? std::string_view() : rule->name;
}

Result<Table<Asset>> read_assets(std::string_view csv) {
  return read_table<Asset>(csv, asset_field);
}
Result<Table<User>> read_users(std::string_view csv) {
  return read_table<User>(csv, user_field);
}

}  // namespace tocsin::enrich
