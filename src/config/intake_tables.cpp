#include "config/intake_tables.h"

#include <algorithm>

#include "config/toml_text.h"

namespace tocsin::config {
namespace {

using Wrong = std::optional<std::string>;  // what would be right

template <class T>
struct Key {
  std::string_view name;
  std::function<Wrong(T&, const toml::node&)> apply;
};

template <class T>
Key<T> text(std::string_view name, std::string T::*member) {
  return {name, [member](T& to, const toml::node& node) -> Wrong {
            if (!node.is_string()) return "must be a text";
            to.*member = scalar_text(node);
            return {};
          }};
}

template <class T>
Key<T> choice(std::string_view name, std::string T::*member, std::vector<std::string_view> allowed) {
  return {name, [=](T& to, const toml::node& node) -> Wrong {
            const auto value = scalar_text(node);
            if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) {
              to.*member = value;
              return {};
            }
            std::string wrong = "must be one of";
            for (const auto one : allowed) wrong += ' ' + std::string(one);
            return wrong;
          }};
}

// Store(T&, std::int64_t).
template <class T, class Store>
Key<T> whole(std::string_view name, std::int64_t low, std::int64_t high, Store store) {
  return {name, [=](T& to, const toml::node& node) -> Wrong {
            const auto value = node.value<std::int64_t>();
            if (!node.is_integer() || *value < low || *value > high) {
              return "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high);
            }
            store(to, *value);
            return {};
          }};
}

template <class T>
Key<T> seconds(std::string_view name, std::int64_t low, std::chrono::seconds T::*member) {
  return whole<T>(name, low, 30 * 86'400,
                  [member](T& to, std::int64_t v) { to.*member = std::chrono::seconds(v); });
}

template <class T>
Key<T> bytes(std::string_view name, std::uint32_t T::*member) {
  return whole<T>(name, 480, 8 << 20,
                  [member](T& to, std::int64_t v) { to.*member = static_cast<std::uint32_t>(v); });
}

// "+02:00", "-05:30", "Z"
Wrong apply_zone(std::chrono::minutes& to, std::string_view value) {
  constexpr auto kRight = "must be an offset such as +02:00, or Z";
  if (value == "Z") return {};
  if (value.size() != 6 || value[3] != ':' || (value[0] != '+' && value[0] != '-')) return kRight;
  const auto hours = number<unsigned>(value.substr(1, 2));
  const auto minutes = number<unsigned>(value.substr(4, 2));
  if (!hours || !minutes || *hours > 14 || *minutes > 59) return kRight;
  to = std::chrono::minutes(static_cast<int>(*hours * 60 + *minutes) * (value[0] == '-' ? -1 : 1));
  return {};
}

template <class T>
Key<T> zone() {
  return {"zone", [](T& to, const toml::node& node) { return apply_zone(to.zone, scalar_text(node)); }};
}

Wrong apply_listen(SyslogSettings& to, const toml::node& node) {
  const auto values = parse_listen(scalar_text(node));
  if (!values) return "must be ADDRESS:PORT";
  to.port = *number<std::uint16_t>(values->at("listen.port"));
  const auto host = values->find("listen.host");
  to.host = host == values->end() ? "127.0.0.1" : host->second;
  return {};
}

Wrong apply_paths(FileSettings& to, const toml::node& node) {
  const auto* paths = node.as_array();
  if (paths == nullptr || paths->empty() || !paths->is_homogeneous(toml::node_type::string)) {
    return "must be an array of paths";
  }
  for (const auto& path : *paths) to.paths.push_back(scalar_text(path));
  const bool absolute = std::all_of(to.paths.begin(), to.paths.end(),
                                    [](const std::string& path) { return path.starts_with('/'); });
  return absolute ? Wrong() : Wrong("must be absolute paths");
}

const std::vector<Key<SyslogSettings>>& keys_of(const SyslogSettings&) {
  using S = SyslogSettings;
  static const std::vector<Key<S>> keys{
      text("name", &S::name),
      {"listen", apply_listen},
      choice("transport", &S::transport, {"tcp", "udp", "tls"}),
      choice("framing", &S::framing, {"auto", "octet_counting", "lines"}),
      text("source", &S::source),
      zone<S>(),
      bytes("max_message_bytes", &S::max_message_bytes),
      whole<S>("max_connections", 1, 10'000,
               [](S& to, std::int64_t v) { to.max_connections = static_cast<std::uint32_t>(v); }),
      seconds("idle_seconds", 1, &S::idle),
      seconds("expected_interval_seconds", 0, &S::expected_interval),
      text("certificate_file", &S::certificate_file),
      text("key_file", &S::key_file),
      text("client_ca_file", &S::client_ca_file),
  };
  return keys;
}

const std::vector<Key<FileSettings>>& keys_of(const FileSettings&) {
  using F = FileSettings;
  static const std::vector<Key<F>> keys{
      text("name", &F::name),
      {"paths", apply_paths},
      text("source", &F::source),
      choice("start", &F::start, {"end", "begin"}),
      zone<F>(),
      bytes("max_line_bytes", &F::max_line_bytes),
      seconds("expected_interval_seconds", 0, &F::expected_interval),
  };
  return keys;
}

Wrong what_is_missing(const SyslogSettings& s) {
  if (s.host.empty()) return "needs listen = \"ADDRESS:PORT\"";
  const bool tls = s.transport == "tls";
  if (tls && (s.certificate_file.empty() || s.key_file.empty())) {
    return "needs certificate_file and key_file for tls";
  }
  const bool any = !s.certificate_file.empty() || !s.key_file.empty() || !s.client_ca_file.empty();
  if (!tls && any) return "has certificates, which only transport = \"tls\" uses";
  return {};
}
Wrong what_is_missing(const FileSettings& f) {
  return f.paths.empty() ? Wrong("needs paths") : Wrong();
}

Error wrong_table(std::string_view table, const std::string& what, std::string where) {
  return error(ErrorKind::kInvalidInput, "read settings", "[[" + std::string(table) + "]] " + what,
               "docs/configuration.md lists its keys", std::move(where));
}

template <class T>
Result<T> read_table(std::string_view name, const toml::table& table, const std::filesystem::path& file) {
  T entry;
  for (const auto& [key, node] : table) {
    const auto& keys = keys_of(entry);
    const auto called = key.str();  // clang 14 takes no structured binding into a lambda
    const auto found =
        std::find_if(keys.begin(), keys.end(), [&](const auto& known) { return known.name == called; });
    const auto at = place(file, node.source());
    if (found == keys.end()) return wrong_table(name, "has no key '" + std::string(key.str()) + "'", at);
    if (const auto wrong = found->apply(entry, node)) {
      return wrong_table(name, std::string(key.str()) + " " + *wrong, at);
    }
  }
  const auto at = place(file, table.source());
  if (entry.name.empty()) return wrong_table(name, "needs a name", at);
  if (const auto missing = what_is_missing(entry)) return wrong_table(name, *missing, at);
  return entry;
}

// Names are keys of what is remembered, so none may stand for two.
bool is_taken(const Settings& settings, const std::string& name) {
  const auto same = [&](const auto& entry) { return entry.name == name; };
  return std::any_of(settings.syslog.begin(), settings.syslog.end(), same) ||
         std::any_of(settings.files.begin(), settings.files.end(), same);
}

template <class T>
Result<void> add_tables(Settings& settings, std::vector<T>& to, std::string_view name,
                        const toml::array& tables, const std::filesystem::path& file) {
  for (const auto& node : tables) {
    const auto* table = node.as_table();
    if (table == nullptr) return wrong_table(name, "must be a table", place(file, node.source()));
    TOCSIN_TRY(entry, read_table<T>(name, *table, file));
    if (is_taken(settings, entry.name)) {
      return wrong_table(name, "'" + entry.name + "' is the name of two", place(file, table->source()));
    }
    to.push_back(std::move(entry));
  }
  return {};
}

}  // namespace

Result<void> apply_intake(Settings& settings, std::string_view name, const toml::array& tables,
                          const std::filesystem::path& file) {
  if (name == "intake.syslog") return add_tables(settings, settings.syslog, name, tables, file);
  if (name == "intake.file") return add_tables(settings, settings.files, name, tables, file);
  return wrong_table(name, "is not known", place(file, tables.source()));
}

}  // namespace tocsin::config
