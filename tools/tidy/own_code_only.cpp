// A plugin of clang-tidy 14: checks look at this project's declarations only.
//
// clang-tidy matches every check against every declaration of every header, and then drops what it found in
// system headers; that is most of its time. This takes the top-level declarations of system headers out of
// the tree before the checks walk it, so a run costs the parsing and little more. What the checks say of our
// files stays the same.
#include <clang-tidy/ClangTidyCheck.h>
#include <clang-tidy/ClangTidyModule.h>
#include <clang-tidy/ClangTidyModuleRegistry.h>
#include <clang/AST/ASTContext.h>
#include <clang/ASTMatchers/ASTMatchFinder.h>

namespace tocsin::tidy {

using namespace clang;

class OwnCodeOnly : public clang::tidy::ClangTidyCheck {
 public:
  using ClangTidyCheck::ClangTidyCheck;

  void registerMatchers(ast_matchers::MatchFinder* finder) override {
    finder->addMatcher(ast_matchers::translationUnitDecl().bind("unit"), this);
  }

  // Called for the unit itself, which is before what is in it.
  void check(const ast_matchers::MatchFinder::MatchResult& result) override {
    TranslationUnitDecl& unit = *result.Context->getTranslationUnitDecl();
    // What a precompiled header holds is not even read.
    unit.setHasExternalLexicalStorage(false);
    std::vector<Decl*> foreign;
    for (Decl* declaration : unit.noload_decls())
      if (result.SourceManager->isInSystemHeader(declaration->getLocation())) foreign.push_back(declaration);
    // Their order makes each the first that is left, which is found at once.
    for (Decl* declaration : foreign) unit.removeDecl(declaration);
  }
};

class Module : public clang::tidy::ClangTidyModule {
 public:
  void addCheckFactories(clang::tidy::ClangTidyCheckFactories& factories) override {
    factories.registerCheck<OwnCodeOnly>("tocsin-own-code-only");
  }
};

const clang::tidy::ClangTidyModuleRegistry::Add<Module> kModule("tocsin-module", "tocsin");

}  // namespace tocsin::tidy
