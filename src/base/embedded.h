#pragma once
// Files that the build puts into the binary (tocsin_embed in cmake/Modules.cmake).

#include <string_view>

// In a .cpp: TOCSIN_EMBEDDED(attack_techniques) declares `std::string_view embedded_attack_techniques()`.
#define TOCSIN_EMBEDDED(symbol)                                                                     \
  extern "C" const char tocsin_embed_##symbol##_begin[];                                            \
  extern "C" const char tocsin_embed_##symbol##_end[];                                              \
  inline std::string_view embedded_##symbol() {                                                     \
    return {tocsin_embed_##symbol##_begin,                                                          \
            static_cast<std::size_t>(tocsin_embed_##symbol##_end - tocsin_embed_##symbol##_begin)}; \
  }
