#include "detect/sigma/rule_set.h"

#include <unordered_map>

#include "detect/sigma/collection.h"
#include "detect/sigma/rule_files.h"
#include "detect/sigma/rule_parser.h"

namespace tocsin::detect::sigma {
namespace {

namespace fs = std::filesystem;

std::string where(const std::string& file, Position at) {
  return file + ':' + to_string(at);
}

class Loader {
 public:
  explicit Loader(const LoadOptions& options) : options_(options) {}

  void add_paths(std::span<const fs::path> paths) {
    auto list = list_rule_files(paths);
    for (const auto& stamp : list.files) add_file(stamp.file);
    for (auto& wrong : list.refusals) set_.refusals.push_back(std::move(wrong));
  }

  void add_text(std::string_view text, const std::string& file) {
    ++set_.files;
    auto yaml = parse_yaml(text);
    auto collection = resolve_actions(std::move(yaml.documents));
    for (const auto& document : collection.documents) add_document(document, file);
    for (auto& wrong : collection.faults) refuse(file, std::move(wrong));
    if (yaml.fault) refuse(file, *std::move(yaml.fault));
  }

  // A document whose id is taken is left out without a word.
  void add_beneath(std::span<const RuleText> texts) {
    gives_way_ = true;
    for (const auto& one : texts) add_text(one.text, one.file);
  }

  RuleSet finish() {
    apply_filters();
    keep_resolved();
    return std::move(set_);
  }

 private:
  void add_file(const std::string& file) {
    const auto text = read_rule_file(file);
    text ? add_text(*text, file) : set_.refusals.push_back(unreadable_file(file));
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

RuleSet RuleSet::load(std::span<const fs::path> paths, const LoadOptions& options) {
  Loader loader(options);
  loader.add_paths(paths);
  return loader.finish();
}

RuleSet RuleSet::parse(std::span<const RuleText> texts, const LoadOptions& options,
                       std::span<const RuleText> beneath) {
  Loader loader(options);
  for (const auto& one : texts) loader.add_text(one.text, one.file);
  loader.add_beneath(beneath);
  return loader.finish();
}

RuleSet RuleSet::parse(std::string_view text, const std::string& file, const LoadOptions& options) {
  Loader loader(options);
  loader.add_text(text, file);
  return loader.finish();
}

Result<Placeholders> load_placeholders(const fs::path& file) {
  const auto text = read_rule_file(file);
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
