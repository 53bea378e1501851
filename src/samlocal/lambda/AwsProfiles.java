package samlocal.lambda;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import samlocal.base.Fault;
import samlocal.base.Nearest;
import samlocal.files.UserText;

/**
 * The profiles of the user's AWS configuration (AWS SDKs and Tools Reference Guide, "Shared config and credentials
 * files"): {@code ~/.aws/config} and {@code ~/.aws/credentials}, or the files that {@code AWS_CONFIG_FILE} and
 * {@code AWS_SHARED_CREDENTIALS_FILE} name.
 */
public final class AwsProfiles {
    private static final String DEFAULT = "default";
    private final Map<String, String> shell;
    private final Map<String, Map<String, String>> profiles = new TreeMap<>();

    /**
     * Reads both files; a missing file has no profiles.
     *
     * @param shell environment variables of the user's shell
     * @throws Fault if a file cannot be read
     */
    public AwsProfiles(Map<String, String> shell) {
        this.shell = shell;
        read(file("AWS_CONFIG_FILE", "config"), true);
        read(file("AWS_SHARED_CREDENTIALS_FILE", "credentials"), false);
    }

    private Path file(String variable, String name) {
        String named = shell.getOrDefault(variable, "");
        String home = shell.getOrDefault("HOME", System.getProperty("user.home"));
        if (named.isEmpty()) return Path.of(home, ".aws", name);
        return Path.of(named.startsWith("~/") ? home + named.substring(1) : named);
    }

    private void read(Path file, boolean isConfig) {
        if (!Files.isRegularFile(file)) return;
        Map<String, String> profile = new HashMap<>();
        for (String line : UserText.read(file, 1).lines().toList()) {
            String text = line.strip();
            int equals = text.indexOf('=');
            if (text.startsWith("[") && text.contains("]")) {
                profile = section(text.substring(1, text.indexOf(']')).strip(), isConfig);
            } else if (equals > 0 && !text.startsWith("#") && !text.startsWith(";") && !line.startsWith(" ")) {
                profile.put(text.substring(0, equals).strip(), text.substring(equals + 1).strip());
            }
        }
    }

    /** In the config file, sections other than the default are {@code [profile NAME]}; the rest are not profiles. */
    private Map<String, String> section(String title, boolean isConfig) {
        String[] words = title.split("\\s+", 2);
        boolean isPrefixed = words[0].equals("profile") && words.length == 2;
        boolean isProfile = isPrefixed || !isConfig || title.equals(DEFAULT);
        String name = isPrefixed ? words[1].replaceAll("^[\"']|[\"']$", "") : title;
        return isProfile ? profiles.computeIfAbsent(name, key -> new HashMap<>()) : new HashMap<>();
    }

    /** The name of the profile in use: the given one, else that of {@code AWS_PROFILE}, else the default. */
    String name(String given) {
        return Optional.ofNullable(given).or(() -> variable("AWS_PROFILE")).orElse(DEFAULT);
    }

    /** A variable of the shell that has a value. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(shell.get(name)).filter(value -> !value.isEmpty());
    }

    /**
     * The settings of the profile in use; empty if that is the default profile and it is not defined.
     *
     * @param given what {@code --profile} names, or null
     * @throws Fault if a profile was asked for that does not exist
     */
    Map<String, String> settings(String given) {
        String name = name(given);
        Map<String, String> settings = profiles.get(name);
        if (settings != null || name.equals(DEFAULT)) return settings == null ? Map.of() : settings;
        throw Fault.usage("no AWS profile named `" + name + "` in `" + file("AWS_CONFIG_FILE", "config") + "` or `"
                + file("AWS_SHARED_CREDENTIALS_FILE", "credentials") + "`",
                Nearest.hint(name, new ArrayList<>(profiles.keySet()), given == null
                        ? "unset AWS_PROFILE, or set it to a profile in one of these files"
                        : "use a profile in one of these files"));
    }

    /** The region of the profile in use, if it has one. */
    public Optional<String> region(String given) {
        return Optional.ofNullable(profiles.get(name(given))).map(settings -> settings.get("region"));
    }
}
