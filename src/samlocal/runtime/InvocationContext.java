package samlocal.runtime;

import com.amazonaws.services.lambda.runtime.Client;
import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.serialization.factories.GsonFactory;
import java.util.Map;

/** The complete context object (Lambda Developer Guide, "Using the Lambda context object"). */
final class InvocationContext implements Context {
    private final int memoryLimit;
    private final String awsRequestId;
    private final String logGroupName;
    private final String logStreamName;
    private final String functionName;
    private final String functionVersion;
    private final String invokedFunctionArn;
    private final long deadlineTimeInMs;
    private final CognitoIdentity cognitoIdentity = null;
    private final ClientContext clientContext;
    private final String tenantId;
    private final String xrayTraceId;
    private final LambdaLogger logger;

    InvocationContext(Invocation invocation, Map<String, String> environment, LambdaLogger logger) {
        this.memoryLimit = Integer.parseInt(environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"));
        this.awsRequestId = invocation.requestId();
        this.logGroupName = environment.get("AWS_LAMBDA_LOG_GROUP_NAME");
        this.logStreamName = environment.get("AWS_LAMBDA_LOG_STREAM_NAME");
        this.functionName = environment.get("AWS_LAMBDA_FUNCTION_NAME");
        this.functionVersion = environment.get("AWS_LAMBDA_FUNCTION_VERSION");
        this.invokedFunctionArn = invocation.functionArn();
        this.deadlineTimeInMs = invocation.deadline();
        this.clientContext = ClientData.read(invocation.headers().clientContext());
        this.tenantId = invocation.headers().tenant();
        this.xrayTraceId = invocation.headers().trace();
        this.logger = logger;
    }

    @Override public String getAwsRequestId() {
        return awsRequestId;
    }

    @Override public String getLogGroupName() {
        return logGroupName;
    }

    @Override public String getLogStreamName() {
        return logStreamName;
    }

    @Override public String getFunctionName() {
        return functionName;
    }

    @Override public String getFunctionVersion() {
        return functionVersion;
    }

    @Override public String getInvokedFunctionArn() {
        return invokedFunctionArn;
    }

    @Override public CognitoIdentity getIdentity() {
        return cognitoIdentity;
    }

    @Override public ClientContext getClientContext() {
        return clientContext;
    }

    @Override public int getRemainingTimeInMillis() {
        return (int) Math.max(0, deadlineTimeInMs - System.currentTimeMillis());
    }

    @Override public int getMemoryLimitInMB() {
        return memoryLimit;
    }

    @Override public LambdaLogger getLogger() {
        return logger;
    }

    @Override public String getTenantId() {
        return tenantId;
    }

    @Override public String getXrayTraceId() {
        return xrayTraceId;
    }

    /** Information about a mobile application; the names are those of the JSON that AWS's mobile SDKs send. */
    private static final class ClientData implements ClientContext {
        private App client;
        private Map<String, String> custom;
        private Map<String, String> env;

        /** Parses the client context, which may be null. */
        static ClientData read(String json) {
            if (json == null || json.isBlank()) return null;
            return GsonFactory.getInstance().getSerializer(ClientData.class).fromJson(json);
        }

        @Override public Client getClient() {
            return client;
        }

        @Override public Map<String, String> getCustom() {
            return custom;
        }

        @Override public Map<String, String> getEnvironment() {
            return env;
        }
    }

    /** The application. */
    private static final class App implements Client {
        private String installation_id;
        private String app_title;
        private String app_version_name;
        private String app_version_code;
        private String app_package_name;

        @Override public String getInstallationId() {
            return installation_id;
        }

        @Override public String getAppTitle() {
            return app_title;
        }

        @Override public String getAppVersionName() {
            return app_version_name;
        }

        @Override public String getAppVersionCode() {
            return app_version_code;
        }

        @Override public String getAppPackageName() {
            return app_package_name;
        }
    }
}
