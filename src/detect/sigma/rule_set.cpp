#include "detect/sigma/rule_set.h"

#include <array>
#include <fstream>
#include <unordered_map>

#include "detect/sigma/collection.h"
#include "detect/sigma/rule_parser.h"

namespace tocsin::detect::sigma {
namespace {

namespace fs = std::filesystem;

std::string where(const std::string& file, Position at) {
  return file + ':' + to_string(at);
}

// One byte more than a rule file may have is read at most, so that the size is refused where it is checked.
std::optional<std::string> read_file(const fs::path& path) {
  std::error_code wrong;
  if (fs::is_directory(path, wrong)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text;
  std::array<char, 16'384> block{};
  while (file && text.size() <= kMaxYamlBytes) {
    file.read(block.data(), block.size());
    text.append(block.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) return std::nullopt;
  return text;
}

class Loader {
 public:
  explicit Loader(const LoadOptions& options) : options_(options) {}

  void add_path(const fs::path& path) {
    std::error_code wrong;
    if (!fs::is_directory(path, wrong)) return add_file(path);
    std::vector<fs::path> inside;
    fs::directory_iterator entries(path, wrong);
    for (const auto end = fs::directory_iterator(); !wrong && entries != end; entries.increment(wrong))
      inside.push_back(entries->path());
    if (wrong) refuse(path.string(), fault({}, "the directory cannot be read: " + wrong.message()));
    std::sort(inside.begin(), inside.end());
    for (const auto& entry : inside) {
      if (is_wanted(entry)) add_path(entry);
    }
  }

  void add_text(std::string_view text, const std::string& file) {
    ++set_.files;
    auto yaml = parse_yaml(text);
    auto collection = resolve_actions(std::move(yaml.documents));
    for (const auto& document : collection.documents) add_document(document, file);
    for (auto& wrong : collection.faults) refuse(file, std::move(wrong));
    if (yaml.fault) refuse(file, *std::move(yaml.fault));
  }

  // From now on a document whose id is taken is left out without a word.
  void give_way() { gives_way_ = true; }

  RuleSet finish() {
    apply_filters();
    keep_resolved();
    return std::move(set_);
  }

 private:
  // Links are not followed into directories: they may lead back up.
  static bool is_wanted(const fs::path& entry) {
    std::error_code wrong;
    if (entry.filename().string().starts_with('.')) return false;
    if (fs::is_directory(entry, wrong)) return !fs::is_symlink(entry, wrong);
    const auto suffix = entry.extension();
    return suffix == ".yml" || suffix == ".yaml";
  }

  void add_file(const fs::path& path) {
    const auto text = read_file(path);
    if (!text)
      return refuse(path.string(),
                    fault({}, "the file cannot be read", "Check the path and its permissions."));
    add_text(*text, path.string());
  }

  void refuse(const std::string& file, Error error) {
    error.where = file + ':' + error.where;
    set_.refusals.push_back(std::move(error));
  }

  void add_document(const Yaml& document, const std::string& file) {
    bool is_kept = false;
    if (document.find("correlation") != nullptr) {
      is_kept = keep(parse_correlation(document), set_.correlations, file);
    } else if (document.find("filter") != nullptr) {
      keep(parse_filter(document, options_.placeholders), filters_, file);
    } else if (document.find("detection") != nullptr || document.find("logsource") != nullptr) {
      is_kept = keep(checked_rule(document), set_.rules, file);
    } else {
      ++set_.other_documents;
    }
    if (is_kept && options_.on_document) options_.on_document(document, file);
  }

  Result<Rule> checked_rule(const Yaml& document) const {
    auto rule = parse_rule(document, options_.placeholders);
    if (rule && options_.check) TOCSIN_CHECK(options_.check(*rule));
    return rule;
  }

  template <class T>
  bool keep(Result<T> parsed, std::vector<T>& list, const std::string& file) {
    if (!parsed) {
      refuse(file, std::move(parsed).error());
      return false;
    }
    parsed->file = file;
    if (!parsed->id.empty()) {
      const auto [first, is_new] = seen_.try_emplace(parsed->id, where(file, parsed->at));
      if (!is_new && gives_way_) return false;
      if (!is_new) {
        refuse(file, fault(parsed->at, "the id " + parsed->id + " is taken by " + first->second,
                           "Ids are for one rule; give this one its own."));
        return false;
      }
    }
    list.push_back(*std::move(parsed));
    return true;
  }

  void apply_filters() {
    for (const auto& filter : filters_) {
      bool used = false;
      for (auto& rule : set_.rules) {
        if (!applies_to(filter, rule)) continue;
        rule = filtered(std::move(rule), filter);
        used = true;
      }
      if (!used)
        refuse(filter.file, fault(filter.at, "the filter fits no rule that is loaded",
                                  "Check the ids or names it lists, and its log source."));
    }
  }

  void keep_resolved() {
    auto resolved = resolve(set_.correlations, set_.rules);
    std::vector<std::size_t> new_place(resolved.size());
    std::vector<Correlation> kept;
    for (std::size_t i = 0; i < resolved.size(); ++i) {
      if (!resolved[i]) {
        refuse(set_.correlations[i].file, resolved[i].error());
        continue;
      }
      new_place[i] = kept.size();
      kept.push_back(std::move(set_.correlations[i]));
      set_.targets.push_back(*std::move(resolved[i]));
    }
    for (auto& targets : set_.targets) {
      for (auto& target : targets)
        target.place = target.is_correlation ? new_place[target.place] : target.place;
    }
    set_.correlations = std::move(kept);
  }

  const LoadOptions& options_;
  RuleSet set_;
  std::vector<Filter> filters_;
  bool gives_way_ = false;
  std::unordered_map<std::string, std::string> seen_;  // id to where it is
};

}  // namespace

RuleSet RuleSet::load(std::span<const fs::path> paths, const LoadOptions& options,
                      std::span<const RuleText> beneath) {
  Loader loader(options);
  for (const auto& path : paths) loader.add_path(path);
  loader.give_way();
  for (const auto& one : beneath) loader.add_text(one.text, one.file);
  return loader.finish();
}

RuleSet RuleSet::parse(std::span<const RuleText> texts, const LoadOptions& options) {
  Loader loader(options);
  for (const auto& one : texts) loader.add_text(one.text, one.file);
  return loader.finish();
}

RuleSet RuleSet::parse(std::string_view text, const std::string& file, const LoadOptions& options) {
  Loader loader(options);
  loader.add_text(text, file);
  return loader.finish();
}

Result<Placeholders> load_placeholders(const fs::path& file) {
  const auto text = read_file(file);
  if (!text)
    return error(ErrorKind::kUnavailable, "read placeholders", "the file cannot be read", {}, file.string());
  auto yaml = parse_yaml(*text);
  const auto fail = [&](Error wrong) {
    wrong.where = file.string() + ':' + wrong.where;
    return wrong;
  };
  if (yaml.fault) return fail(*std::move(yaml.fault));
  Placeholders placeholders;
  for (const auto& document : yaml.documents) {
    for (const auto& member : document.members) {
      const auto values =
          member.value.is_list() ? std::span(member.value.items) : std::span(&member.value, 1);
      for (const auto& value : values) {
        if (!value.is_scalar())
          return fail(fault(value.at, "a placeholder stands for a text or a list of texts"));
        placeholders[member.key].push_back(value.text);
      }
    }
  }
  return placeholders;
}

}  // namespace tocsin::detect::sigma
