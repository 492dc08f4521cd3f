#pragma once
// Paths of the machine in texts for people who have no part in running it: they begin with the name of the
// rules' own directory or file.

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::detect {

class RulePlaces {
 public:
  // As they are in the settings.
  explicit RulePlaces(std::span<const std::filesystem::path> paths);

  // "/srv/soc/rules/win/a.yml:3:1: …" becomes "rules/win/a.yml:3:1: …" for a path /srv/soc/rules.
  std::string hide(std::string_view text) const;

 private:
  struct Place {
    std::string before;  // "/srv/soc/"; never empty
    std::string name;    // "rules"
  };
  std::vector<Place> places_;  // longest first
};

}  // namespace tocsin::detect
