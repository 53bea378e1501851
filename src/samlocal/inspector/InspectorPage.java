package samlocal.inspector;

import samlocal.base.Resource;

/**
 * The inspector's page: one document with nothing from elsewhere, so that it works without a network and under a
 * policy that lets nothing else in. Texts become elements' texts, never markup: what is shown is not to be trusted.
 */
final class InspectorPage {
    private static final String HTML = Resource.text(InspectorPage.class, "page.html");

    private static final String STYLE = Resource.text(InspectorPage.class, "page.css");

    private static final String SCRIPT = Resource.text(InspectorPage.class, "page.js");

    private InspectorPage() {
    }

    /** The page; styles and script have the nonce that its policy names. */
    static String of(String nonce) {
        return HTML.replace("{nonce}", nonce).replace("{style}", STYLE).replace("{script}", SCRIPT);
    }
}
