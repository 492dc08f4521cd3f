#pragma once
// Does a text pass a test? One answer for the matcher and for what databases cannot express themselves.

#include <string>
#include <string_view>
#include <vector>

#include "model/condition.h"
#include "model/network.h"

namespace tocsin::model {

// Fields whose equality minds the case: names and ids that we or the vendor spell in one way.
bool minds_case(Field field);

// In `pattern` * stands for any text (also none), \* and \\ for themselves; ASCII case does not matter.
// Time: at most size of pattern times size of text.
bool matches_pattern(std::string_view pattern, std::string_view text);

// Of a resolved test whose values are texts. Cases: ASCII only. A technique includes its sub-techniques.
// Thread-safe after construction.
class TextTest {
 public:
  explicit TextTest(const Test& test);
  bool passes(std::string_view text) const;  // kExists: any text that is not empty

 private:
  bool equals(const std::string& value, std::string_view text) const;

  Field field_;
  Comparison how_;
  std::vector<std::string> values_;  // lower case where case does not matter
  std::vector<Network> networks_;
};

}  // namespace tocsin::model
