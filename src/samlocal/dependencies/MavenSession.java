package samlocal.dependencies;

import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.util.repository.SimpleArtifactDescriptorPolicy;

/** What is needed to read a module: Maven's components, the resolver's session, and the modules around it. */
record MavenSession(eu.maveniverse.maven.mima.context.Context context, DefaultRepositorySystemSession session,
        MavenReactor reactor, boolean isOffline) {
    static MavenSession of(eu.maveniverse.maven.mima.context.Context context, MavenReactor reactor,
            boolean isOffline) {
        DefaultRepositorySystemSession session = new DefaultRepositorySystemSession(context.repositorySystemSession());
        session.setWorkspaceReader(reactor);
        session.setArtifactDescriptorPolicy(new SimpleArtifactDescriptorPolicy(true, true));
        return new MavenSession(context, session, reactor, isOffline);
    }
}
