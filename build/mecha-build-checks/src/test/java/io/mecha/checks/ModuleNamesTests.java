// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The module names that the jars have in their manifests. */
class ModuleNamesTests {

    private static final Pattern NAME = Pattern.compile("<java.module.name>([^<]*)</java.module.name>");

    @Test
    void namesEveryPublishedModuleOnce() {
        List<String> names = House.standing().published().stream()
                .filter(module -> !module.name().equals("mecha-bom"))
                .map(ModuleNamesTests::name)
                .toList();

        assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("io\\.mecha(\\.[a-z]+)+"));
    }

    private static String name(House.Module module) {
        Matcher matcher = NAME.matcher(House.read(module.directory().resolve("pom.xml")));
        return matcher.find() ? matcher.group(1) : module.name() + " has no property java.module.name";
    }
}
