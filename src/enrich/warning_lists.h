#pragma once
// Lists of well-known values that are no indicators, in the format of the misp-warninglists project
// (github.com/MISP/misp-warninglists, schema.json). Immutable once built, any thread.

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "enrich/fact_sink.h"
#include "enrich/range_map.h"
#include "enrich/string_index.h"

namespace re2 {
class RE2;
}

namespace tocsin::enrich {

enum class WarningType : std::uint8_t { kString, kSubstring, kHostname, kCidr, kRegex };
std::string_view to_text(WarningType type);  // string substring hostname cidr regex

struct WarningList {
  std::string name;
  std::string description;
  std::string version;
  Timestamp as_of{};  // the version when it is a date such as 20250825, else absent (the epoch)
  WarningType type = WarningType::kString;
  bool known = false;       // category "known": says what a value is; it stays an indicator
  std::uint32_t kinds = 0;  // bits of model::IocKind that it may be asked about
  std::vector<std::string> values;
  std::size_t left_out =
      0;  // values that are no network or no expression that RE2 takes, or are beyond a bound
};

constexpr std::size_t kMaxWarningValues =
    1'200'000;                                       // of one list; the largest published ones have a million
constexpr std::size_t kMaxWarningTotal = 3'000'000;  // of all together
constexpr std::size_t kMaxWarningBytes = std::size_t{512} << 20;  // of their text, all together
constexpr std::size_t kMaxWarningSubstrings = 2'000;   // of all together: each is looked for in turn
constexpr std::size_t kMaxWarningExpressions = 1'000;  // of all together

// kInvalidSyntax for what is no JSON, kInvalidInput for what is no such list.
Result<WarningList> read_warning_list(std::string_view json);
// Of our own writing: public resolvers, popular sites of vendors, documentation ranges.
std::vector<WarningList> shipped_warning_lists();

class WarningIndex {
 public:
  WarningIndex();
  ~WarningIndex();
  WarningIndex(WarningIndex&&) noexcept;
  WarningIndex& operator=(WarningIndex&&) noexcept;
  void add(WarningList list, std::string origin);  // `origin`: "shipped", "uploaded", a file's name
  void seal();                                     // once, after the last add()

  struct Info {
    WarningList list;  // without its values
    std::string origin;
    std::size_t values = 0;
  };
  const std::vector<Info>& lists() const { return lists_; }

  // The list that says the value is no indicator, or null.
  const Info* find(const model::Ioc& ioc) const;
  // Takes such values from the alert's indicators; they stay as entities, with a fact "not_an_indicator" that
  // names the list. What only "known" lists hold gets a fact "known_value".
  void apply(FactSink& sink) const;

 private:
  struct Hit {
    std::uint32_t list;
    std::uint32_t next;
  };
  struct Pattern {
    std::uint32_t list;
    std::string text;
    std::unique_ptr<re2::RE2> expression;
  };
  void add_value(std::uint32_t list, std::string_view value);
  bool take_value(std::uint32_t list, std::string_view value);
  void add_hit(StringIndex& index, std::string_view key, std::uint32_t list);
  bool add_expression(std::uint32_t list, std::string_view value);
  template <class Each>
  bool each_hit(std::uint32_t hit, Each each) const;
  template <class Each>
  void each_list(const model::Ioc& ioc, Each each) const;

  std::vector<Info> lists_;
  std::vector<Hit> hits_;
  StringIndex strings_;
  StringIndex hostnames_;
  std::vector<RangeMap::Block> blocks_;
  RangeMap ranges_;
  std::vector<Pattern> substrings_;
  std::vector<Pattern> expressions_;
  std::size_t total_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace tocsin::enrich
